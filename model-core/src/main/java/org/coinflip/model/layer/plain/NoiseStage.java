package org.coinflip.model.layer.plain;

import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.noise.Draws;

/** A stage without parameters that disturbs what it is given, in training only. */
abstract class NoiseStage extends SameShapeStage {
    private final int index;

    NoiseStage(Binding binding) {
        super(binding);
        index = binding.index();
    }

    /** Writes the disturbed input to the output. */
    abstract void draw(PassContext context, int rows);

    /** The draws of this layer for the batch in the context. */
    final Draws draws(Draws draws, PassContext context) {
        return context.drawsOf(draws, index);
    }

    @Override
    protected final void forward(PassContext context, int rows) {
        if (context.mode() == Mode.TRAIN) {
            draw(context, rows);
        } else {
            output().setRows(0, input(), 0, rows);
        }
    }
}

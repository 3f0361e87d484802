package org.coinflip.model.layer.plain;

import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;

/** A stage without parameters that disturbs what it is given, in training only. */
abstract class NoiseStage extends Stage {
    private final Binding binding;

    NoiseStage(Binding binding) {
        super(Matrix.padded(
                binding.source().output().rows(), binding.source().output().columns()));
        this.binding = binding;
        if (binding.source().gradient() != null) {
            requireGradient();
        }
    }

    /** Writes the disturbed input to the output. */
    abstract void draw(PassContext context, int rows);

    /** Turns the gradient with respect to the output into that with respect to the input, in place. */
    abstract void differentiate(PassContext context, int rows);

    /** The draws of this layer for the batch in the context. */
    final Draws draws(Draws draws, PassContext context) {
        return context.drawsOf(draws, binding.index());
    }

    @Override
    public int rows(PassContext context) {
        return binding.source().rows(context);
    }

    @Override
    public void forward(PassContext context) {
        int rows = rows(context) * context.copies();
        if (context.mode() == Mode.TRAIN) {
            draw(context, rows);
        } else {
            output().setRows(0, binding.source().output(), 0, rows);
        }
    }

    @Override
    public void backward(PassContext context) {
        if (gradient() == null) {
            return;
        }
        int rows = rows(context) * context.copies();
        differentiate(context, rows);
        Stage source = binding.source();
        binding.backend().elementwise().add(gradient(), 1f, source.claimGradient(), rows, source.gradient());
    }

    @Override
    public void accumulate(PassContext context) {}
}

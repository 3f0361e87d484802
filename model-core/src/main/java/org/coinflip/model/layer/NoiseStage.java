package org.coinflip.model.layer;

import java.util.function.IntUnaryOperator;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.noise.NoiseKey;

/** A stage without parameters that disturbs what it is given, in training only. */
public abstract class NoiseStage extends Stage {
    private final Binding binding;

    public NoiseStage(Binding binding) {
        super(Matrix.padded(
                binding.source().output().rows(), binding.source().output().columns()));
        this.binding = binding;
        if (binding.source().gradient() != null) {
            requireGradient();
        }
    }

    /** Writes the disturbed input to the output. */
    protected abstract void draw(PassContext context, int rows);

    /** Turns the gradient with respect to the output into that with respect to the input, in place. */
    protected abstract void differentiate(PassContext context, int rows);

    /** The draws of this layer for the batch in the context. */
    protected final Draws draws(Draws draws, PassContext context) {
        return drawsOf(draws, context, binding.index());
    }

    public static Draws drawsOf(Draws draws, PassContext context, int index) {
        return drawsOf(draws, context, index, context.mainRows());
    }

    /** @param mainRows the row of the main pass whose draws a row has */
    public static Draws drawsOf(Draws draws, PassContext context, int index, IntUnaryOperator mainRows) {
        int purpose = context.mode() == Mode.TRAIN ? index : index + NoiseKey.EVALUATION;
        return draws.of(context.seed(), context.epoch(), purpose, context.ids(), context.examples(), mainRows);
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

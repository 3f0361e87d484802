package org.coinflip.model.layer.plain;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.Matrix;

/** The stage of a {@link SameShapeLayer} without parameters: row r of its output is of row r below, and so is the gradient, but for a factor. */
public abstract class SameShapeStage extends Stage {
    private final Binding binding;
    private final float factor;

    protected SameShapeStage(Binding binding) {
        this(binding, 1f);
    }

    /** @param factor on the gradient that goes down */
    protected SameShapeStage(Binding binding, float factor) {
        super(Matrix.padded(binding.capacity(), binding.source().output().columns()));
        this.binding = binding;
        this.factor = factor;
        if (binding.source().gradient() != null) {
            requireGradient();
        }
    }

    protected final Matrix input() {
        return binding.source().output();
    }

    protected final Backend backend() {
        return binding.backend();
    }

    @Override
    public final int rows(PassContext context) {
        return binding.source().rows(context);
    }

    @Override
    public final void forward(PassContext context) {
        forward(context, rows(context) * context.copies());
    }

    /** Writes the output's first rows. */
    protected abstract void forward(PassContext context, int rows);

    @Override
    public final void backward(PassContext context) {
        if (gradient() == null) {
            return;
        }
        int rows = rows(context) * context.copies();
        differentiate(context, rows);
        Stage source = binding.source();
        backend().elementwise().add(gradient(), factor, source.claimGradient(), rows, source.gradient());
    }

    /** Turns the gradient with respect to the output, in place, into that with respect to the input but for the factor. */
    protected void differentiate(PassContext context, int rows) {}

    @Override
    public void accumulate(PassContext context) {}
}

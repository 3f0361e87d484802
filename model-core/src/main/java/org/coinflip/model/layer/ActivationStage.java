package org.coinflip.model.layer;

import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Matrix;

/** Deterministic units in one pass, {@code y = f(a)}. */
public final class ActivationStage extends Stage {
    private final Binding binding;
    private final PreActivation below;
    private final Activation activation;

    /** @param units columns of the output */
    public ActivationStage(Binding binding, PreActivation below, int units, Activation activation) {
        super(Matrix.padded(binding.capacity(), units));
        this.binding = binding;
        this.below = below;
        this.activation = activation;
        requireGradient();
    }

    @Override
    public int rows(PassContext context) {
        return binding.source().rows(context);
    }

    @Override
    public void forward(PassContext context) {
        int rows = rows(context) * context.copies();
        below.multiply(rows, output());
        binding.backend().elementwise().activate(activation, output(), below.biases(), rows);
    }

    @Override
    public void backward(PassContext context) {
        int rows = rows(context) * context.copies();
        binding.backend().elementwise().activationGradient(activation, output(), gradient(), rows);
        below.propagate(gradient(), rows);
    }

    @Override
    public void accumulate(PassContext context) {
        below.accumulate(gradient(), rows(context), context);
    }
}

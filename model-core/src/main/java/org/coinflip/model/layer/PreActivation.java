package org.coinflip.model.layer;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * What a layer's units compute before anything that is not linear, {@code a = x ∗ W + b}, ∗ a product of matrices or a convolution: the
 * part of a stage that has the weights. The bias is added by the kernel that comes after, in the same pass over memory.
 */
public abstract class PreActivation {
    private final Backend backend;

    public PreActivation(Backend backend) {
        this.backend = backend;
    }

    /** A bias of each column, for the kernel that comes after {@link #multiply}. */
    public abstract Floats biases();

    /** {@code out ← x ∗ W}. */
    public abstract void multiply(int rows, Matrix out);

    /** Adds ∂L/∂x to the gradients of the stages below, where they are wanted; δ is ∂L/∂a. */
    public abstract void propagate(Matrix delta, int rows);

    /** Gives ∂L/∂W and ∂L/∂b to the sink. */
    public abstract void accumulate(Matrix delta, int rows, int examples);

    /**
     * The same with every example counting what it weighs: rows of δ are multiplied by the weights of their examples. All layers below have
     * propagated by then, so that each counts a weight once.
     *
     * @param delta modified
     */
    public final void accumulate(Matrix delta, int rows, PassContext context) {
        if (context.weights() != null) {
            backend.elementwise().scaleRows(context.weights(), rows, delta);
        }
        accumulate(delta, rows, context.examples());
    }
}

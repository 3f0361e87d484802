package org.coinflip.model.layer;

/** A layer that ends a network: in training it writes the loss of each of its rows to {@link PassContext#losses}. */
public interface TopLayer extends Layer {
    /** Refuses data that it is not for. */
    void check(int inputs, int classes);

    /** Whether the loss has a gradient with respect to what the layer is given. */
    default boolean isDifferentiable() {
        return true;
    }
}

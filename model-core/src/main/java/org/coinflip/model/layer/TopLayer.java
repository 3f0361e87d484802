package org.coinflip.model.layer;

/** A layer that ends a network: in training it writes the loss of each of its rows to {@link PassContext#losses}. */
public interface TopLayer extends Layer {
    /** Refuses data that it is not for. */
    void check(int inputs, int classes);

    /**
     * Whether the loss was earned by the samples that were drawn, and cannot be computed: then no estimator below can differentiate it or
     * evaluate it at other samples.
     */
    default boolean isGiven() {
        return false;
    }

    /**
     * Numbers that the layer keeps of every training example from epoch to epoch; most keep none. They are 0 in the first epoch, and no part
     * of the model.
     */
    default int keptPerExample() {
        return 0;
    }
}

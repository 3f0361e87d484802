package org.coinflip.model.layer;

import org.coinflip.model.memory.Matrix;

/**
 * The rest of the network above a stochastic layer, as a function f from the layer's outputs to the loss of each row, given the noise
 * of the layers above: evaluations of one row at several points use the same noise, so f is one function of the point.
 *
 * <p>With n rows in the batch, {@code copies · n} points are evaluated at a time: point r belongs to row {@code r mod n}. Belongs to one
 * thread; every call overwrites the results of the one before.
 */
public interface Continuation {
    /** The most copies of each row that fit. */
    int capacity();

    /** Room for the points, {@code capacity · n × width}; to be filled before {@link #evaluate}. */
    Matrix points();

    /** Computes f at the first {@code copies · n} points. */
    void evaluate(int copies);

    /** f at each point, as {@link #evaluate} left it. */
    float[] losses();

    /** Computes ∂f/∂point at the points just evaluated, by the estimators of the layers above where these are stochastic. */
    void differentiate();

    /** ∂f/∂point of each point, as {@link #differentiate} left it. */
    Matrix gradients();
}

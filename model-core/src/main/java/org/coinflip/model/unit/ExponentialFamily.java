package org.coinflip.model.unit;

import org.coinflip.model.memory.Matrix;

/**
 * Laws of an exponential family, {@code log P(h|a) = Σ_j h_j η_j(a) − A(a) + b(h)}. Two members have the same b, so that {@code log P(h|a) − log P(h|θ) = Σ_j h_j (η_j(a) −
 * η_j(θ)) − A(a) + A(θ)}: linear in h, and at h = E[h|a] the divergence of the one from the other.
 */
public interface ExponentialFamily extends UnitLaw {
    /** η, the natural parameter of each column. */
    void naturalParameters(Matrix logits, int rows, Matrix out);

    /** A, the sum over the units of a row. */
    double logPartition(Matrix logits, int row);
}

package org.coinflip.model.layer.stochastic;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.unit.ExponentialFamily;

/**
 * −log p(h | ℓ) of categories and counts, {@code A(ℓ) − Σ_j h_j η_j(ℓ)}: b(h), a function of h alone, is part of log q too, and of neither here. Its gradient with respect to ℓ
 * is (E_p[h] − h) ∂η/∂ℓ, with respect to h −η(ℓ).
 */
final class FamilyLikelihood {
    private final ExponentialFamily law;
    private final Backend backend;
    private final Matrix naturals;
    private final Floats noBiases;

    FamilyLikelihood(ExponentialFamily law, Backend backend, int capacity, int units) {
        this.law = law;
        this.backend = backend;
        naturals = Matrix.padded(capacity, units);
        noBiases = Floats.allocate(units);
    }

    /**
     * @param logits ℓ
     * @param samples h
     * @param delta out: weight · ∂/∂ℓ
     * @param costs out: one a row
     */
    void train(Matrix logits, Matrix samples, int rows, float weight, Matrix delta, float[] costs) {
        law.naturalParameters(logits, rows, naturals);
        delta.setRows(0, logits, 0, rows);
        law.means(backend, delta, noBiases, rows);
        for (int r = 0; r < rows; r++) {
            double cost = law.logPartition(logits, r);
            for (int j = 0; j < samples.columns(); j++) {
                float h = samples.get(r, j);
                cost -= (double) h * naturals.get(r, j);
                delta.set(r, j, weight * (delta.get(r, j) - h));
            }
            costs[r] = (float) cost;
        }
        law.multiplyByNaturalSlope(logits, rows, delta);
    }

    /** η(ℓ) of the rows that {@link #train} was given. */
    Matrix naturals() {
        return naturals;
    }
}

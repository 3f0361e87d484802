package org.coinflip.model.estimator;

import org.coinflip.model.memory.Matrix;

/**
 * The loss of relaxed bits as a control variate, c(z) = f(σ(z/λ)): {@code A = −c(z̃) (b − p) + ∂c(z)/∂a − ∂c(z̃)/∂a}, of mean 0 (REBAR). Cost: two
 * evaluations with gradients.
 */
final class RelaxedLoss {
    private final RelaxedPair pair;
    /** ∂σ(z/λ)/∂z. */
    private final Matrix slopes;

    RelaxedLoss(Site site, RelaxedPair pair) {
        this.pair = pair;
        this.slopes = Matrix.padded(2 * site.logits().rows(), site.width());
    }

    /**
     * Computes A for the pair as it was drawn.
     *
     * @param out out: A, n × D
     */
    void compute(Site site, double temperature, Matrix out) {
        int n = site.rows();
        Continuation f = site.continuation();
        relax(2 * n, (float) (1 / temperature), f.points());
        f.evaluate(2);
        f.differentiate();
        Matrix gradients = f.gradients();
        for (int r = 0; r < n; r++) {
            float loss = f.losses()[n + r];
            for (int j = 0; j < site.width(); j++) {
                float score = site.samples().get(r, j) - site.probabilities().get(r, j);
                float here = gradients.get(r, j) * slopes.get(r, j);
                float again = gradients.get(n + r, j)
                        * (slopes.get(n + r, j) * pair.slopes().get(n + r, j));
                out.set(r, j, here - again - loss * score);
            }
        }
    }

    private void relax(int rows, float inverse, Matrix points) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < points.columns(); j++) {
                double z = pair.values().get(r, j);
                double odds = StrictMath.exp(-Math.abs(z) * inverse);
                double near = 1 / (1 + odds);
                points.set(r, j, (float) (z > 0 ? near : odds * near));
                slopes.set(r, j, (float) (odds * near * near * inverse));
            }
        }
    }
}

package org.coinflip.model.estimator;

import org.coinflip.model.memory.Matrix;

/**
 * The loss of relaxed bits as a control variate, c(z) = f(σ(z/λ)), or f(σ(z/λ + a λ/(λ+1))) where they are to go to the mean p as λ grows: {@code A = −c(z̃) (b − p) + ∂c(z)/∂a − ∂c(z̃)/∂a}, of mean 0 (REBAR). Cost: two
 * evaluations with gradients.
 */
final class RelaxedLoss {
    private final RelaxedPair pair;
    /** σ' at the relaxed bits. */
    private final Matrix slopes;

    /** Whether relaxed bits go to the mean as λ grows. */
    private final boolean toMean;

    RelaxedLoss(Site site, RelaxedPair pair, Rebar.Limit limit) {
        this.pair = pair;
        this.toMean = limit == Rebar.Limit.MEAN;
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
        double inverse = 1 / temperature;
        float shift = toMean ? (float) (temperature / (temperature + 1)) : 0f;
        relax(site, 2 * n, (float) inverse, shift, f.points());
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
                if (toMean) {
                    // through a itself, besides z and z̃
                    float direct = (float) (shift * temperature);
                    here += direct * gradients.get(r, j) * slopes.get(r, j);
                    again += direct * gradients.get(n + r, j) * slopes.get(n + r, j);
                }
                out.set(r, j, here - again - loss * score);
            }
        }
    }

    private void relax(Site site, int rows, float inverse, float shift, Matrix points) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < points.columns(); j++) {
                double z = pair.values().get(r, j);
                double scaled = z * inverse + (toMean ? shift * site.logits().get(r % site.rows(), j) : 0);
                double odds = StrictMath.exp(-Math.abs(scaled));
                double near = 1 / (1 + odds);
                points.set(r, j, (float) (scaled > 0 ? near : odds * near));
                slopes.set(r, j, (float) (odds * near * near * inverse));
            }
        }
    }
}

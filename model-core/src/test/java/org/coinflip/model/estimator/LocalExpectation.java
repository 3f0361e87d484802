package org.coinflip.model.estimator;

import java.util.Map;
import org.coinflip.model.unit.UnitLaw;

/**
 * {@code g_i = p_i (1 − p_i) (f(b with b_i = 1) − f(b with b_i = 0))}, b sampled. Unbiased (Titsias and Lázaro-Gredilla 2015). In tests it
 * proves that a continuation evaluates several copies of every row, and at the noise of the main pass: f(b) is the pass's own loss.
 */
record LocalExpectation() implements GradientEstimator {
    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public int probes(int width) {
        return width;
    }

    @Override
    public boolean suits(UnitLaw law) {
        return law.isBinary();
    }

    @Override
    public String serves() {
        return "binary units";
    }

    @Override
    public Estimation at(Site site) {
        return here -> {
            int n = here.rows();
            Continuation f = here.continuation();
            for (int flipped = 0; flipped < here.width(); flipped++) {
                for (int r = 0; r < n; r++) {
                    for (int j = 0; j < here.width(); j++) {
                        float b = here.samples().get(r, j);
                        f.points().set(flipped * n + r, j, j == flipped ? 1 - b : b);
                    }
                }
            }
            f.evaluate(here.width());
            for (int r = 0; r < n; r++) {
                for (int j = 0; j < here.width(); j++) {
                    float p = here.probabilities().get(r, j);
                    float sign = 2 * here.samples().get(r, j) - 1;
                    float difference = sign * (here.losses()[r] - f.losses()[j * n + r]);
                    here.logitGradient().set(r, j, p * (1 - p) * difference * here.rowWeight());
                }
            }
        };
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", "local-expectation");
    }
}

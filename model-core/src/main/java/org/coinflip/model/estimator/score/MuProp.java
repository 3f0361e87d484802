package org.coinflip.model.estimator.score;

import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForDiscreteUnits;
import org.coinflip.model.estimator.OneUnit;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.layer.Continuation;

/**
 * MuProp: the loss's first-order expansion at the mean-field point p is a baseline whose mean is known,
 * {@code g_i = (f(b) − f(p) − f'(p)·(b − p)) (b_i − p_i) + f'_i(p) p_i (1 − p_i)}, the last term (diag p − p pᵀ) f'(p) for categorical units. Unbiased, also below stochastic layers: the point p and their
 * noise do not depend on b, so whatever they give for f(p) and f'(p), biased or not, cancels in the mean. Cost: two evaluations and
 * the gradient at p.
 *
 * <p>Gu, Levine, Sutskever, Mnih (2016), "MuProp: unbiased backpropagation for stochastic neural networks".
 */
public record MuProp() implements ForDiscreteUnits {
    public static final String TYPE = "muprop";

    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public int probes(int width) {
        return 1;
    }

    @Override
    public boolean differentiatesProbes() {
        return true;
    }

    @Override
    public Estimation at(Site site) {
        return MuProp::estimate;
    }

    private static void estimate(Site site) {
        Continuation f = site.continuation();
        f.points().setRows(0, site.probabilities(), 0, site.rows());
        f.evaluate(1);
        f.differentiate();
        int columns = site.law().columnsPerUnit();
        for (int r = 0; r < site.rows(); r++) {
            float signal = site.losses()[r] - f.losses()[r];
            for (int j = 0; j < site.width(); j++) {
                float residual = site.samples().get(r, j) - site.probabilities().get(r, j);
                signal -= f.gradients().get(r, j) * residual;
            }
            for (int from = 0; from < site.width(); from += columns) {
                float mean = columns == 1 ? 0f : meanSlope(site, r, from, from + columns);
                for (int j = from; j < from + columns; j++) {
                    float p = site.probabilities().get(r, j);
                    float slope = f.gradients().get(r, j);
                    float known = columns == 1 ? slope * (p * (1f - p)) : p * (slope - mean);
                    float estimate = signal * (site.samples().get(r, j) - p) + known;
                    site.logitGradient().set(r, j, estimate * site.rowWeight());
                }
            }
        }
    }

    private static float meanSlope(Site site, int row, int from, int to) {
        float mean = 0f;
        for (int j = from; j < to; j++) {
            mean += site.probabilities().get(row, j)
                    * site.continuation().gradients().get(row, j);
        }
        return mean;
    }

    @Override
    public Claims claims() {
        return new Claims(
                        "(f(b) − f(p) − f'(p)·(b−p)) (b−p) + Cov(b) f'(p)",
                        Bias.NONE,
                        Cost.of(2, 1),
                        "smooth losses, no bias",
                        "Gu et al. 2016")
                .withVariance(MuProp::variance);
    }

    private static double variance(OneUnit unit) {
        double p = unit.p();
        double atMean = unit.f().applyAsDouble(p);
        double slope = unit.slope().applyAsDouble(p);
        double atOne = (unit.f().applyAsDouble(1) - atMean - slope * (1 - p)) * (1 - p);
        double atZero = -(unit.f().applyAsDouble(0) - atMean + slope * p) * p;
        return unit.variance(atOne, atZero);
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE);
    }
}

package org.coinflip.model.estimator.score;

import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForBinaryUnits;
import org.coinflip.model.estimator.OneUnit;
import org.coinflip.model.estimator.SampleDeviations;
import org.coinflip.model.estimator.Site;

/**
 * DisARM (also U2G): two antithetic samples {@code b = 1[u < p]}, {@code b̃ = 1[1 − u < p]} share one uniform u, and
 * {@code g_i = ½ (f(b) − f(b̃)) (b_i − b̃_i) σ(|a_i|)}; b_i − b̃_i is the paper's 1[b_i ≠ b̃_i] (−1)^{b̃_i}. Unbiased, never of more
 * variance than {@link Arm}, whose mean given (b, b̃) it is; for one unit never more than leave-one-out's with two samples, and none
 * at p = ½. Cost: two evaluations, no gradient; the layers above learn from both samples. {@link SampleDeviations} computes
 * ½ (f(b) − f(b̃)) (b_i − b̃_i), here is the factor σ(|a_i|).
 *
 * <p>Dong, Mnih, Tucker (2020), "DisARM: an antithetic gradient estimator for binary latent variables"; Yin, Ho, Yan, Qian, Zhou
 * (2020), "Probabilistic best subset selection via gradient-based optimization".
 */
public record Disarm() implements ForBinaryUnits {
    public static final String TYPE = "disarm";

    @Override
    public int samplesPerRow() {
        return 2;
    }

    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public Estimation at(Site site) {
        return new AtSite(site);
    }

    private static final class AtSite extends SampleDeviations {
        AtSite(Site site) {
            super(site, 2);
        }

        @Override
        public void sample(Site site) {
            Arm.drawAntithetically(site);
        }

        @Override
        public void estimate(Site site) {
            super.estimate(site);
            site.backend().unitGradients().multiplyByLikelier(site.probabilities(), site.logitGradient(), site.rows());
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                        "½ (f(b) − f(b̃)) (b − b̃) σ(|a|)",
                        Bias.NONE,
                        Cost.of(2, 0),
                        "first choice for binary units where only the loss comes back",
                        "Dong, Mnih, Tucker 2020; Yin et al. 2020")
                .withVariance(Disarm::variance);
    }

    /** Δ² p (1 − p) (½ σ(|a|) − p (1 − p)). */
    static double variance(OneUnit unit) {
        double likelier = Math.max(unit.p(), 1 - unit.p());
        return StrictMath.pow(unit.difference(), 2) * unit.spread() * (likelier / 2 - unit.spread());
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE);
    }
}

package org.coinflip.model.estimator.score;

import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForBinaryUnits;
import org.coinflip.model.estimator.Site;

/**
 * ARM, augment-REINFORCE-merge: two antithetic samples {@code b = 1[u < p]}, {@code b̃ = 1[1 − u < p]} share one uniform u, and
 * {@code g_i = (f(b) − f(b̃)) (½ − u_i)}. Unbiased. Cost: two evaluations, no gradient; the layers above learn from both samples.
 * {@link Disarm} integrates what is left of u out and so never has more variance.
 *
 * <p>Yin and Zhou (2019), "ARM: augment-REINFORCE-merge gradient for stochastic binary networks".
 */
public record Arm() implements ForBinaryUnits {
    public static final String TYPE = "arm";

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

    /** Draws both samples of every row. */
    static void drawAntithetically(Site site) {
        site.backend()
                .sampling()
                .antitheticBernoulli(
                        site.logits(),
                        site.biases(),
                        site.draws(),
                        site.draw(0),
                        site.rows(),
                        site.probabilities(),
                        site.samples());
    }

    private static final class AtSite implements Estimation {
        private final float[] differences;

        AtSite(Site site) {
            differences = new float[site.logits().rows()];
        }

        @Override
        public void sample(Site site) {
            drawAntithetically(site);
        }

        @Override
        public void estimate(Site site) {
            int n = site.rows();
            for (int r = 0; r < n; r++) {
                differences[r] = (site.losses()[r] - site.losses()[n + r]) * site.rowWeight();
            }
            site.backend()
                    .sampling()
                    .uniformTimesSignal(site.draws(), site.draw(0), differences, n, site.logitGradient());
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                        "(f(b) − f(b̃)) (½ − u)",
                        Bias.NONE,
                        Cost.of(2, 0),
                        "to compare with; disarm is never worse",
                        "Yin and Zhou 2019")
                .withVariance(unit -> {
                    double m = Math.min(unit.p(), 1 - unit.p());
                    double second = 2.0 / 3 * (0.125 - StrictMath.pow(0.5 - m, 3));
                    return StrictMath.pow(unit.difference(), 2) * (second - StrictMath.pow(unit.spread(), 2));
                });
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE);
    }
}

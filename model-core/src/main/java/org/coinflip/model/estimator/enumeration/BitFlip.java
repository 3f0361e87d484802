package org.coinflip.model.estimator.enumeration;

import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForBinaryUnits;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.memory.Matrix;

/**
 * BitFlip-1: one unit i of every row, drawn uniformly from the D, is flipped,
 * {@code g_i = D p_i (1 − p_i) (f(b with b_i = 1) − f(b with b_i = 0))}, and the other units' estimates are 0. Unbiased; its variance is small
 * where {@code Disarm}'s is large, at p near 0 and 1. Cost: two evaluations, no gradient.
 *
 * <p>Kunes, Yin, Land, Haviv, Pe'er, Tavaré (2022), "Gradient estimation for binary latent variables via gradient variance clipping",
 * arXiv 2208.06124.
 */
public record BitFlip() implements ForBinaryUnits {
    public static final String TYPE = "bitflip";

    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public int probes(int width) {
        return 1;
    }

    @Override
    public Estimation at(Site site) {
        return new AtSite(site);
    }

    private static final class AtSite implements Estimation {
        private final int[] flipped;

        AtSite(Site site) {
            flipped = new int[site.logits().rows()];
        }

        @Override
        public void estimate(Site site) {
            int n = site.rows();
            Matrix points = site.continuation().points();
            points.setRows(0, site.samples(), 0, n);
            for (int r = 0; r < n; r++) {
                int[] words = site.draws().words();
                site.backend().sampling().words(site.draws(), r, site.ownDraw(0), 1, words);
                flipped[r] = (int) (((words[0] & 0xFFFF_FFFFL) * site.width()) >>> Integer.SIZE);
                points.set(r, flipped[r], 1f - site.samples().get(r, flipped[r]));
            }
            site.continuation().evaluate(1);
            for (int r = 0; r < n; r++) {
                for (int j = 0; j < site.width(); j++) {
                    site.logitGradient().set(r, j, 0f);
                }
                float difference = (site.losses()[r] - site.continuation().losses()[r]) * site.rowWeight();
                float effect = LocalExpectation.effect(site, r, flipped[r]);
                site.logitGradient().set(r, flipped[r], site.width() * effect * difference);
            }
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                        "D p_i (1−p_i) (f(b, b_i=1) − f(b, b_i=0)), i drawn from the D",
                        Bias.NONE,
                        Cost.of(2, 0),
                        "few units, or units that are nearly certain",
                        "Kunes et al. 2022")
                .withVariance(unit -> 0);
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE);
    }
}

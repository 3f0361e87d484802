package org.coinflip.model.estimator.pathwise;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForDiscreteUnits;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Annealed;

/**
 * Forward gradients of activities: in the place of the slope f'(b) stands one that needs no backward pass, {@code 1/K Σ_k d_k vᵏ}, v of D random signs and
 * {@code d = (f(b + εv) − f(b − εv))/(2ε)} the derivative along v, as E[v vᵀ] = 1; {@link ReinMax}'s matrix, that of {@link Half} for bits, makes an estimate of it. The
 * central difference is exact for quadratic losses, and then the estimate has no bias; otherwise it has ReinMax's, and O(ε²) more. Where the layers
 * above draw bits, f is a step function of the point and the estimate of little use. Cost: 1 + 2K evaluations, no gradient; the variance grows with D/K.
 *
 * <p>Ren, Kornblith, Liao, Hinton (2023), "Scaling forward gradient with local losses"; Baydin et al. (2022).
 *
 * @param directions K
 * @param size ε
 */
public record ForwardGradient(int directions, double size) implements ForDiscreteUnits {
    public static final String TYPE = "forward-gradient";

    private static final int MOST = 1000;

    public static ForwardGradient read(Section section) {
        return new ForwardGradient(
                section.integer("directions", 1, 1, MOST), section.number("size", 0.0625, Range.POSITIVE));
    }

    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public int probes(int width) {
        return 2;
    }

    @Override
    public Estimation at(Site site) {
        return new AtSite(site);
    }

    private final class AtSite implements Estimation {
        private final Estimation matrix;
        private final int[] words;
        /** v. */
        private final Matrix signs;

        AtSite(Site site) {
            matrix = new ReinMax(Annealed.constant(1)).at(site);
            words = NoiseKey.room(directions * site.width());
            signs = Matrix.padded(site.logits().rows(), site.width());
        }

        @Override
        public void estimate(Site site) {
            for (int r = 0; r < site.rows(); r++) {
                for (int j = 0; j < site.width(); j++) {
                    site.logitGradient().set(r, j, 0f);
                }
            }
            for (int k = 0; k < directions; k++) {
                turn(site, k);
                place(site);
                site.continuation().evaluate(2);
                add(site);
            }
            matrix.estimate(site);
        }

        private void turn(Site site, int direction) {
            for (int r = 0; r < site.rows(); r++) {
                // One draw, as wide as all directions.
                site.backend().sampling().words(site.draws(), r, site.ownDraw(0), directions * site.width(), words);
                for (int j = 0; j < site.width(); j++) {
                    signs.set(r, j, words[direction * site.width() + j] < 0 ? -1f : 1f);
                }
            }
        }

        private void place(Site site) {
            int n = site.rows();
            Matrix points = site.continuation().points();
            for (int r = 0; r < n; r++) {
                for (int j = 0; j < site.width(); j++) {
                    float step = (float) size * signs.get(r, j);
                    points.set(r, j, site.samples().get(r, j) + step);
                    points.set(n + r, j, site.samples().get(r, j) - step);
                }
            }
        }

        private void add(Site site) {
            int n = site.rows();
            float[] losses = site.continuation().losses();
            double scale = site.rowWeight() / (2 * size * directions);
            for (int r = 0; r < n; r++) {
                float derivative = (float) (scale * (losses[r] - losses[n + r]));
                for (int j = 0; j < site.width(); j++) {
                    float sum = site.logitGradient().get(r, j);
                    site.logitGradient().set(r, j, sum + derivative * signs.get(r, j));
                }
            }
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                "reinmax of 1/K Σ_k d_k vᵏ, d = (f(b+εv) − f(b−εv)) / 2ε, v random signs",
                Bias.BEYOND_QUADRATIC,
                Cost.of(1 + 2 * directions, 0),
                "smooth losses without a backward pass",
                "Ren et al. 2023");
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("directions", directions);
        keys.put("size", size);
        return keys;
    }
}

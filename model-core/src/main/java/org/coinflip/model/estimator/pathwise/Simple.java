package org.coinflip.model.estimator.pathwise;

import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.unit.KOfN;
import org.coinflip.model.unit.SubsetSums;

/**
 * SIMPLE: straight-through for k of n columns, back-propagation through the exact marginals μ(a), {@code g = (∂μ/∂a)ᵀ f'(b)}, ∂μ_j/∂a_i = Cov(b_i, b_j), by dynamic
 * programming in O(nk). Exact in the mean for losses that are linear in the columns, biased otherwise. Cost: one evaluation and its gradient.
 *
 * <p>Ahmed, Zeng, Niepert, Van den Broeck (2023), "SIMPLE: a gradient estimator for k-subset sampling".
 */
public record Simple() implements ForSubsets {
    public static final String TYPE = "simple";

    @Override
    public Estimation at(Site site) {
        KOfN law = (KOfN) site.law();
        SubsetSums sums = new SubsetSums(law.columns(), law.on());
        return here -> multiply(here, law.columns(), sums);
    }

    private static void multiply(Site site, int columns, SubsetSums sums) {
        for (int r = 0; r < site.rows(); r++) {
            for (int from = 0; from < site.width(); from += columns) {
                for (int i = 0; i < columns; i++) {
                    sums.set(
                            i,
                            site.logits().get(r, from + i),
                            site.logitGradient().get(r, from + i));
                }
                sums.sumUp();
                sums.finish();
                for (int i = 0; i < columns; i++) {
                    site.logitGradient().set(r, from + i, (float) sums.covariance(i));
                }
            }
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                "Cov(b) f'(b), Cov(b) = ∂μ/∂a exactly",
                Bias.BEYOND_LINEAR,
                Cost.of(1, 1),
                "k-of-n units below smooth losses",
                "Ahmed, Zeng, Niepert, Van den Broeck 2023");
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE);
    }
}

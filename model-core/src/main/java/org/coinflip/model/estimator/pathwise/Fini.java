package org.coinflip.model.estimator.pathwise;

import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.CountLaw;
import org.coinflip.model.unit.UnitLaw;

/**
 * Fini of degree D: the slope at the sample, weighed by the polynomial of the sample that makes the estimate right for all polynomials of degree D of
 * each unit, {@code g_i = w_D(b_i) f'_i(b)}, {@code E[w_D(b) b^(d−1)] = (1/d) ∂E[b^d]/∂a} for d = 1 … D. For a natural exponential family of variance V and
 * third central moment M₃ it is {@code w₂ = V + M₃/(2V) (b − μ)}; {@link CountLaw#slopeWeight} has them all. For one bit w₂ is {@link Half}'s. A layer's loss
 * needs to be smooth between the counts. Cost: one evaluation and its gradient.
 *
 * <p>He and Wu (2026), Fini.
 *
 * @param degree D, from 1 to 3
 */
public record Fini(int degree) implements GradientEstimator {
    public static final String TYPE = "fini";

    private static final int MOST = 3;

    public static Fini read(Section section) {
        return new Fini(section.integer("degree", 2, 1, MOST));
    }

    @Override
    public boolean needsGradient() {
        return true;
    }

    @Override
    public boolean suits(UnitLaw law) {
        return law instanceof CountLaw counts ? counts.hasWeight(degree) : law.isBinary() && degree == 2;
    }

    @Override
    public String serves() {
        return degree == 2 ? "count and binary units" : "count units with more than " + (degree - 1) + " values";
    }

    @Override
    public Estimation at(Site site) {
        return site.law() instanceof CountLaw law ? here -> weigh(here, law) : Half::estimate;
    }

    private void weigh(Site site, CountLaw law) {
        Matrix g = site.logitGradient();
        for (int r = 0; r < site.rows(); r++) {
            for (int j = 0; j < site.width(); j++) {
                double weight = law.slopeWeight(
                        degree, site.logits().get(r, j), site.samples().get(r, j));
                g.set(r, j, (float) (weight * g.get(r, j)));
            }
        }
    }

    @Override
    public Claims claims() {
        Claims claims = new Claims(
                "w_D(b) f'(b), w_D the polynomial that is exact for degree D",
                switch (degree) {
                    case 1 -> Bias.BEYOND_LINEAR;
                    case 2 -> Bias.BEYOND_QUADRATIC;
                    default -> Bias.BEYOND_CUBIC;
                },
                Cost.of(1, 1),
                "count units below smooth losses; degree 3 where variance is no concern",
                "He and Wu 2026");
        return degree == 2
                ? new Half().claims().variance().map(claims::withVariance).orElse(claims)
                : claims;
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "degree", degree);
    }
}

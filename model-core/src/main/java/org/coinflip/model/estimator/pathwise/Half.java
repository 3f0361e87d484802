package org.coinflip.model.estimator.pathwise;

import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForBinaryUnits;
import org.coinflip.model.estimator.Site;

/**
 * The ½-estimator: half the sample's gradient over the sample's probability, {@code g_i = ½ f'_i(b) p_i (1 − p_i) / P(b_i)}, which is
 * {@code ½ f'_i(b) |b_i − p_i|}. It takes f(1) − f(0) for the mean slope ½ (f'(0) + f'(1)): exact in the mean for linear and quadratic
 * losses of each unit, biased otherwise. Cost: one evaluation and its gradient.
 *
 * <p>It is, sample by sample, {@link ReinMax} of binary units at temperature 1.
 *
 * <p>Gregor, Danihelka, Mnih, Blundell, Wierstra (2014), "Deep autoregressive networks"; named in Gu, Levine, Sutskever, Mnih
 * (2016).
 */
public record Half() implements ForBinaryUnits {
    public static final String TYPE = "half";

    @Override
    public boolean needsGradient() {
        return true;
    }

    @Override
    public Estimation at(Site site) {
        return Half::estimate;
    }

    static void estimate(Site site) {
        site.backend()
                .unitGradients()
                .multiplyByResidual(site.samples(), site.probabilities(), 0.5f, site.logitGradient(), site.rows());
    }

    @Override
    public Claims claims() {
        return new Claims(
                        "½ f'(b) |b − p|",
                        Bias.BEYOND_QUADRATIC,
                        Cost.of(1, 1),
                        "smooth losses; exact for quadratics, where straight-through is not",
                        "Gregor et al. 2014; Gu et al. 2016")
                .withVariance(unit -> unit.variance(
                        (1 - unit.p()) / 2 * unit.slope().applyAsDouble(1),
                        unit.p() / 2 * unit.slope().applyAsDouble(0)));
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE);
    }
}

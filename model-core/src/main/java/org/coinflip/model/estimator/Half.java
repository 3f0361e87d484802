package org.coinflip.model.estimator;

import java.util.Map;

/**
 * The ½-estimator: half the sample's gradient over the sample's probability, {@code g_i = ½ f'_i(b) p_i (1 − p_i) / P(b_i)}, which is
 * {@code ½ f'_i(b) |b_i − p_i|}. It takes f(1) − f(0) for the mean slope ½ (f'(0) + f'(1)): exact in the mean for linear and quadratic
 * losses of each unit, biased otherwise. Cost: one evaluation and its gradient.
 *
 * <p>For binary units it is, sample by sample, ReinMax at temperature 1: 2 J((π+D)/2)ᵀ f'(D) − ½ J(π)ᵀ f'(D), J(q) = diag q − q qᵀ, of two
 * classes with logits (a, 0); so {@value #REINMAX} is another name for it.
 *
 * <p>Gregor, Danihelka, Mnih, Blundell, Wierstra (2014), "Deep autoregressive networks"; named in Gu, Levine, Sutskever, Mnih
 * (2016). ReinMax: Liu, Dong, Liu, Yu, Gao (2023), "Bridging discrete and backpropagation: straight-through and beyond".
 */
public record Half() implements ForBinaryUnits {
    public static final String TYPE = "half";

    /** The name that is read as well. */
    public static final String REINMAX = "reinmax";

    @Override
    public boolean needsGradient() {
        return true;
    }

    @Override
    public Estimation at(Site site) {
        return here -> here.backend()
                .elementwise()
                .multiplyByResidual(here.samples(), here.probabilities(), 0.5f, here.logitGradient(), here.rows());
    }

    @Override
    public Claims claims() {
        return new Claims(
                        "½ f'(b) |b − p|",
                        Bias.BEYOND_QUADRATIC,
                        Cost.of(1, 1),
                        "smooth losses; exact for quadratics, where straight-through is not",
                        "Gregor et al. 2014; ReinMax: Liu et al. 2023")
                .withVariance(unit -> unit.variance(
                        (1 - unit.p()) / 2 * unit.slope().applyAsDouble(1),
                        unit.p() / 2 * unit.slope().applyAsDouble(0)));
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE);
    }
}

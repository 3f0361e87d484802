package org.coinflip.model.estimator;

import java.util.Map;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.UnitLaw;

/**
 * Straight-through: the sample's gradient is taken for the logit's, {@code g_i = ∂L/∂h_i}, or with the sigmoid's derivative
 * {@code g_i = ∂L/∂h_i · p_i (1 − p_i)}. Biased: exact for linear L with the derivative; for L = (h − t)² its fixed point is p = t. Cost: one
 * evaluation and its gradient.
 *
 * <p>Hinton (2012), Coursera lecture 15b; Bengio, Léonard, Courville (2013), arXiv 1308.3432, section 4.
 *
 * @param deriveSigmoid whether the sigmoid's derivative is a factor
 */
public record StraightThrough(boolean deriveSigmoid) implements GradientEstimator {
    public static final String TYPE = "straight-through";

    static StraightThrough read(Section section) {
        return new StraightThrough(section.flag("derive-sigmoid", false));
    }

    @Override
    public boolean needsGradient() {
        return true;
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
            if (deriveSigmoid) {
                here.backend()
                        .elementwise()
                        .multiplyByVariance(here.probabilities(), here.logitGradient(), here.rows());
            }
        };
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "derive-sigmoid", deriveSigmoid);
    }
}

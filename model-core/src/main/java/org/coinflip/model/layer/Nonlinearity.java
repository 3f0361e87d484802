package org.coinflip.model.layer;

import java.util.Map;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * The units of a transformed layer, {@code f(u) = γ (φ(u) + α u + β)}, and which of the three are estimated so that over a batch
 * Σ f' = 0 (α), Σ f = 0 (β), and mean f² · mean f'² = 1 or mean f² = 1 (γ).
 *
 * @param activation φ
 * @param alpha whether α = −mean φ'(u), else 0
 * @param beta whether β = −mean(φ(u) + α u), else 0
 * @param gamma whether γ is {@code rule}'s, else 1
 * @param rule how γ scales
 * @param epsilon ε of the rule, which limits γ smoothly; 10⁻⁴ and 10⁻² in the code of the authors of arXiv 1301.3476
 * @param maxGamma γ is kept in [1/maxGamma, maxGamma]: a unit that hardly varies, as in a decoder, has it grow without limit
 * @param memory κ of the running averages {@code α ← κ α + (1 − κ) α_batch}, likewise β and γ; 0 takes each batch's own
 */
record Nonlinearity(
        Activation activation,
        boolean alpha,
        boolean beta,
        boolean gamma,
        GammaRule rule,
        double epsilon,
        double maxGamma,
        double memory) {
    /** γ of the batch's means of (φ(u) + α u + β)² and of (φ'(u) + α)². */
    enum GammaRule {
        /** (mean f² · mean f'² + ε)^(−1/4): what goes forward is as large as what comes back. */
        BALANCED {
            @Override
            double gamma(double squares, double slopes, double epsilon) {
                return 1 / Math.sqrt(Math.sqrt(squares * slopes + epsilon));
            }
        },
        /** (mean f² + ε)^(−1/2): what goes forward has variance 1. */
        UNIT_VARIANCE {
            @Override
            double gamma(double squares, double slopes, double epsilon) {
                return 1 / Math.sqrt(squares + epsilon);
            }
        };

        abstract double gamma(double squares, double slopes, double epsilon);
    }

    public static Nonlinearity read(Section section) {
        Activation activation = section.choice("activation", Activation.TANH);
        if (activation == Activation.LINEAR) {
            throw section.wrong("activation", "a nonlinear one: of a linear unit, the transformation leaves nothing");
        }
        double maxGamma = section.number("max-gamma", 10, Range.POSITIVE);
        if (maxGamma < 1) {
            throw section.wrong("max-gamma", "at least 1: γ is kept in [1/max-gamma, max-gamma]");
        }
        return new Nonlinearity(
                activation,
                section.flag("alpha", true),
                section.flag("beta", true),
                section.flag("gamma", false),
                section.choice("gamma-rule", GammaRule.BALANCED),
                section.number("gamma-epsilon", 0, Range.NOT_NEGATIVE),
                maxGamma,
                section.number("memory", 0, Range.BELOW_ONE));
    }

    void write(Map<String, Object> keys) {
        keys.put("activation", Section.name(activation));
        keys.put("alpha", alpha);
        keys.put("beta", beta);
        keys.put("gamma", gamma);
        if (rule != GammaRule.BALANCED) {
            keys.put("gamma-rule", Section.name(rule));
        }
        if (epsilon != 0) {
            keys.put("gamma-epsilon", epsilon);
        }
        keys.put("max-gamma", maxGamma);
        keys.put("memory", memory);
    }

    /** Whether anything is estimated. */
    boolean isTransformed() {
        return alpha || beta || gamma;
    }
}

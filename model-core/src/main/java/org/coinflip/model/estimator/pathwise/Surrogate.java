package org.coinflip.model.estimator.pathwise;

import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForBinaryUnits;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * Surrogate gradients of spiking networks: {@code g_i = ∂L/∂h_i · Θ'(a_i)}, where a bump Θ' around a = 0, one of {@link Shape}, stands for
 * the derivative of the step; the units are still sampled. Biased. Cost: one evaluation and its gradient.
 *
 * <p>Neftci, Mostafa, Zenke (2019), "Surrogate gradient learning in spiking neural networks"; super-spike: Zenke and Ganguli (2018);
 * triangle: Esser et al. (2016); box: Hubara et al. (2016); arctan: Fang et al. (2021).
 *
 * @param shape of Θ', a function of x = k a
 * @param scale k: the greater, the narrower
 */
public record Surrogate(Shape shape, double scale) implements ForBinaryUnits {
    public static final String TYPE = "surrogate";

    /** Bumps, with x = k a. */
    public enum Shape {
        /** 1 / (1 + |x|)². */
        SUPER_SPIKE {
            @Override
            float slope(float x, float scale) {
                float y = 1f / (1f + Math.abs(x));
                return y * y;
            }
        },
        /** (k/2) / (1 + (π x / 2)²), the derivative of ½ + arctan(π x / 2) / π with respect to a. */
        ARCTAN {
            @Override
            float slope(float x, float scale) {
                float y = (float) (Math.PI / 2) * x;
                return scale / 2f / (1f + y * y);
            }
        },
        /** max(0, 1 − |x|). */
        TRIANGLE {
            @Override
            float slope(float x, float scale) {
                return Math.max(0f, 1f - Math.abs(x));
            }
        },
        /** 1[|x| ≤ 1]. */
        BOX {
            @Override
            float slope(float x, float scale) {
                return Math.abs(x) <= 1f ? 1f : 0f;
            }
        },
        /** k σ(x) (1 − σ(x)), the derivative of σ(k a) with respect to a. */
        SIGMOID {
            @Override
            float slope(float x, float scale) {
                double odds = StrictMath.exp(-Math.abs(x));
                return (float) (scale * odds / ((1 + odds) * (1 + odds)));
            }
        };

        abstract float slope(float x, float scale);
    }

    public static Surrogate read(Section section) {
        return new Surrogate(section.choice("shape", Shape.SUPER_SPIKE), section.number("scale", 1, Range.POSITIVE));
    }

    @Override
    public boolean needsGradient() {
        return true;
    }

    @Override
    public Estimation at(Site site) {
        return here -> {
            float k = (float) scale;
            for (int r = 0; r < here.rows(); r++) {
                for (int j = 0; j < here.width(); j++) {
                    float slope = shape.slope(k * here.logits().get(r, j), k);
                    here.logitGradient().set(r, j, here.logitGradient().get(r, j) * slope);
                }
            }
        };
    }

    @Override
    public Claims claims() {
        return new Claims(
                        "f'(b) Θ'(a)",
                        Bias.PRESENT,
                        Cost.of(1, 1),
                        "spiking networks; units far from threshold are left alone",
                        "Neftci, Mostafa, Zenke 2019")
                .withVariance(unit -> unit.varianceOfSlope(shape.slope((float) (scale * unit.logit()), (float) scale)));
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "shape", Section.name(shape), "scale", scale);
    }
}

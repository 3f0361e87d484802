package org.coinflip.model.unit;

import java.util.Map;
import org.apache.commons.math3.special.Erf;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * Noisy rectifiers, h = max(0, a + s z).
 *
 * <ul>
 *   <li>z logistic (density σ(z)(1−σ(z))): P(h > 0) = σ(a/s), E[h] = s log(1 + e^(a/s)).
 *   <li>z Gaussian: P(h > 0) = Φ(a/s), E[h] = a Φ(a/s) + s φ(a/s).
 * </ul>
 *
 * Back-propagation with z held fixed, ∂h/∂a = 1[h > 0], is unbiased for every loss that is Lipschitz in h. The noise-free value
 * max(0, a) is its threshold.
 *
 * <p>Bengio, Léonard, Courville (2013), arXiv 1308.3432, Proposition 1; the "semi-hard" unit of Bengio (2013), arXiv 1305.2982.
 *
 * @param noise law of z
 * @param scale s, not negative
 */
public record NoisyRectifier(Noise noise, double scale) implements UnitLaw {
    public static final String TYPE = "noisy-rectifier";

    /** The law of the noise added to the logit. */
    public enum Noise {
        LOGISTIC,
        GAUSSIAN
    }

    static NoisyRectifier read(Section section) {
        return new NoisyRectifier(
                section.choice("noise", Noise.LOGISTIC), section.number("scale", 1, Range.NOT_NEGATIVE));
    }

    @Override
    public void sample(
            Backend backend,
            double progress,
            Matrix logits,
            Floats biases,
            Draws draws,
            int draw,
            int rows,
            Matrix probabilities,
            Matrix samples,
            Matrix derivative) {
        if (noise == Noise.LOGISTIC) {
            backend.sampling().logisticRectifier(logits, biases, (float) scale, draws, draw, rows, samples);
        } else {
            backend.sampling().gaussianRectifier(logits, biases, (float) scale, draws, draw, rows, samples);
        }
    }

    @Override
    public void means(Backend backend, Matrix values, Floats biases, int rows) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < values.columns(); j++) {
                values.set(r, j, (float) mean(values.get(r, j) + biases.get(j)));
            }
        }
    }

    private double mean(double a) {
        if (noise == Noise.GAUSSIAN) {
            return gaussianMean(a, scale);
        }
        if (scale == 0) {
            return Math.max(0, a);
        }
        double x = a / scale;
        return scale * (Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x))));
    }

    /** E max(0, a + s n), n standard normal. */
    static double gaussianMean(double a, double s) {
        if (s == 0) {
            return Math.max(0, a);
        }
        double x = a / s;
        return a * 0.5 * Erf.erfc(-x / Math.sqrt(2)) + s * StrictMath.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    }

    @Override
    public void thresholds(Backend backend, Matrix values, Floats biases, int rows) {
        backend.elementwise().activate(Activation.RELU, values, biases, rows);
    }

    @Override
    public Pathwise pathwise() {
        return Pathwise.WHERE_POSITIVE;
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "noise", Section.name(noise), "scale", scale);
    }
}

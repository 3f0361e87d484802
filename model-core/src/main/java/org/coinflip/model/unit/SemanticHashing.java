package org.coinflip.model.unit;

import java.util.Map;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * Semantic-hashing units, h = σ(a + s n), n standard normal: to carry anything through the noise, training drives |a| far above s and h
 * near 0 or 1. The code that is used is the threshold 1[a > 0]; the mean E[h], which has no closed form, is taken by quadrature.
 *
 * <p>Back-propagation with n held fixed, ∂h/∂a = h (1 − h), is unbiased for the loss of the noisy units, and says nothing of that of the
 * thresholded ones.
 *
 * <p>Salakhutdinov and Hinton (2009), "Semantic hashing", where s² is
 * about 16 (to confirm).
 *
 * @param deviation s, in [0, 100]
 */
public record SemanticHashing(double deviation) implements UnitLaw {
    public static final String TYPE = "semantic-hashing";

    private static final Range DEVIATIONS = new Range(0, true, 100, true);

    /** The Gaussian has less than 1e-15 beyond. */
    private static final double REACH = 8;

    /** What a bit of the code is. */
    private static final Bernoulli BIT = new Bernoulli();

    static SemanticHashing read(Section section) {
        return new SemanticHashing(section.number("std", 4, DEVIATIONS));
    }

    /** With τ = 1, a Concrete unit whose noise is Gaussian. */
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
        backend.sampling().gaussian((float) deviation, draws, draw, rows, samples);
        backend.unitGradients().relax(logits, biases, 1f, rows, samples, derivative);
    }

    /**
     * By the trapezoidal rule over n. Its error falls as e^(−2π d / step), d = π/s the distance of the nearest pole of σ(a + s n) from
     * the real line: below 1e-8 with these steps.
     */
    @Override
    public void means(Backend backend, Matrix values, Floats biases, int rows) {
        double step = Math.min(0.5, 1 / deviation);
        int steps = (int) Math.ceil(REACH / step);
        double[] weights = new double[steps + 1];
        for (int i = 0; i <= steps; i++) {
            double n = i * step;
            weights[i] = step * StrictMath.exp(-n * n / 2) / Math.sqrt(2 * Math.PI);
        }
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < values.columns(); j++) {
                values.set(r, j, (float) mean(values.get(r, j) + biases.get(j), step, weights));
            }
        }
    }

    private double mean(double a, double step, double[] weights) {
        double mean = weights[0] / (1 + StrictMath.exp(-a));
        for (int i = 1; i < weights.length; i++) {
            double noise = deviation * step * i;
            mean += weights[i] * (1 / (1 + StrictMath.exp(-a - noise)) + 1 / (1 + StrictMath.exp(noise - a)));
        }
        return mean;
    }

    @Override
    public void thresholds(Backend backend, Matrix values, Floats biases, int rows) {
        BIT.thresholds(backend, values, biases, rows);
    }

    @Override
    public Pathwise pathwise() {
        return Pathwise.STORED;
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "std", deviation);
    }
}

package org.coinflip.model.unit;

import java.util.Map;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;

/**
 * Noisy rectified linear units, h = max(0, a + √σ(a) n), n standard normal: nearly a sum of binary units with logits a − ½, a − 1½, …, whose
 * mean is about log(1 + eᵃ) and variance σ(a). P(h > 0) = Φ(a/s) and E[h] = a Φ(a/s) + s φ(a/s), s = √σ(a); the noise-free value max(0, a)
 * is its threshold.
 *
 * <p>Back-propagation with n held fixed, {@code ∂h/∂a = 1[h > 0] (1 + ½ s (1 − σ(a)) n)}, is unbiased for every loss that is Lipschitz
 * in h.
 *
 * <p>Nair and Hinton (2010), "Rectified linear units improve restricted Boltzmann machines".
 */
public record Nrelu() implements UnitLaw {
    public static final String TYPE = "nrelu";

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
        backend.sampling().gaussian(1f, draws, draw, rows, samples);
        backend.unitGradients().rectifyNoisy(logits, biases, rows, samples, derivative);
    }

    @Override
    public void means(Backend backend, Matrix values, Floats biases, int rows) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < values.columns(); j++) {
                double a = values.get(r, j) + biases.get(j);
                values.set(r, j, (float) NoisyRectifier.gaussianMean(a, 1 / Math.sqrt(1 + StrictMath.exp(-a))));
            }
        }
    }

    @Override
    public void thresholds(Backend backend, Matrix values, Floats biases, int rows) {
        backend.elementwise().activate(Activation.RELU, values, biases, rows);
    }

    @Override
    public boolean isOftenZero() {
        return true;
    }

    @Override
    public Pathwise pathwise() {
        return Pathwise.STORED;
    }

    @Override
    public boolean isFlatAtZero() {
        return true;
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE);
    }
}

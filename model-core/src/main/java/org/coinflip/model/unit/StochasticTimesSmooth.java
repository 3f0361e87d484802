package org.coinflip.model.unit;

import java.util.Map;
import java.util.OptionalDouble;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * Stochastic-times-smooth units: p = σ(a), b ~ Bernoulli(pʳ), h = b p^(1−r); r = ½ in the paper, where b ~ Bernoulli(√p) and h = b √p.
 * E[h] = p, P(h > 0) = pʳ, E[h²] = p^(2−r). Only the smooth factor is differentiated, ∂h/∂a = (1−r)(1−p) h, so that
 * E[∂h/∂a] = (1−r) p (1−p): the fraction 1 − r of dE[h]/da.
 *
 * <p>Bengio, Léonard, Courville (2013), "Estimating or propagating gradients through stochastic neurons for conditional computation",
 * arXiv 1308.3432, Proposition 2.
 *
 * @param ratio r, the stochastic part of p, in (0, 1)
 */
public record StochasticTimesSmooth(double ratio) implements UnitLaw {
    public static final String TYPE = "stochastic-times-smooth";

    static StochasticTimesSmooth read(Section section) {
        return new StochasticTimesSmooth(section.number("ratio", 0.5, Range.FRACTION));
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
        backend.sampling()
                .stochasticTimesSmooth(
                        logits, biases, (float) ratio, draws, draw, rows, probabilities, samples, derivative);
    }

    @Override
    public void means(Backend backend, Matrix values, Floats biases, int rows) {
        backend.elementwise().activate(Activation.SIGMOID, values, biases, rows);
    }

    /** p^(1−r) where pʳ > ½, else 0. */
    @Override
    public void thresholds(Backend backend, Matrix values, Floats biases, int rows) {
        means(backend, values, biases, rows);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < values.columns(); j++) {
                double p = values.get(r, j);
                values.set(r, j, StrictMath.pow(p, ratio) > 0.5 ? (float) StrictMath.pow(p, 1 - ratio) : 0f);
            }
        }
    }

    @Override
    public Pathwise pathwise() {
        return Pathwise.STORED;
    }

    /** No: how often a unit fires depends on a too, and that is not differentiated. */
    @Override
    public boolean isReparameterised() {
        return false;
    }

    @Override
    public boolean isFlatAtZero() {
        return true;
    }

    @Override
    public OptionalDouble openingPower() {
        return OptionalDouble.of(ratio);
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "ratio", ratio);
    }
}

package org.coinflip.model.unit;

import java.util.Map;
import java.util.OptionalDouble;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;

/** h ~ Bernoulli(σ(a)): {@code h = 1[u < σ(a)]}. Mean σ(a), threshold {@code 1[a > 0]}. */
public record Bernoulli() implements UnitLaw {
    public static final String TYPE = "bernoulli";

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
        backend.sampling().bernoulli(logits, biases, draws, draw, rows, probabilities, samples);
    }

    @Override
    public void means(Backend backend, Matrix values, Floats biases, int rows) {
        backend.elementwise().activate(Activation.SIGMOID, values, biases, rows);
    }

    @Override
    public void thresholds(Backend backend, Matrix values, Floats biases, int rows) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < values.columns(); j++) {
                values.set(r, j, values.get(r, j) + biases.get(j) > 0 ? 1f : 0f);
            }
        }
    }

    @Override
    public boolean isBinary() {
        return true;
    }

    @Override
    public Pathwise pathwise() {
        return Pathwise.NONE;
    }

    @Override
    public OptionalDouble openingPower() {
        return OptionalDouble.of(1);
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE);
    }
}

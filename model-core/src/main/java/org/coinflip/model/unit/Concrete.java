package org.coinflip.model.unit;

import java.util.Map;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.settings.Section;

/**
 * Binary Concrete (Gumbel-softmax) units, {@code y = σ((a + z) / τ)}, z logistic: a relaxation of Bernoulli(σ(a)), which y becomes as
 * τ → 0. P(y > ½) = σ(a) at every temperature. Back-propagation with z held fixed, {@code ∂y/∂a = y (1 − y) / τ}, is unbiased for the
 * relaxed network's loss, and biased for that of the network of bits. When the network is used the units are bits: samples, means σ(a)
 * and thresholds 1[a > 0] are Bernoulli's.
 *
 * <p>Maddison, Mnih, Teh (2017), "The Concrete distribution"; Jang, Gu, Poole (2017), "Categorical reparameterization with
 * Gumbel-softmax".
 *
 * @param temperature τ
 */
public record Concrete(Annealed temperature) implements UnitLaw {
    public static final String TYPE = "concrete";

    /** What y becomes as τ → 0. */
    private static final Bernoulli LIMIT = new Bernoulli();

    static Concrete read(Section section) {
        return new Concrete(Annealed.temperature(section, 0.5));
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
        backend.sampling().logistic(draws, draw, rows, samples);
        backend.unitGradients().relax(logits, biases, (float) temperature.at(progress), rows, samples, derivative);
    }

    @Override
    public void means(Backend backend, Matrix values, Floats biases, int rows) {
        LIMIT.means(backend, values, biases, rows);
    }

    @Override
    public void thresholds(Backend backend, Matrix values, Floats biases, int rows) {
        LIMIT.thresholds(backend, values, biases, rows);
    }

    @Override
    public boolean isRelaxedBinary() {
        return true;
    }

    @Override
    public UnitLaw inUse() {
        return LIMIT;
    }

    @Override
    public Pathwise pathwise() {
        return Pathwise.STORED;
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "temperature", temperature.write());
    }
}

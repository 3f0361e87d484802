package org.coinflip.model.unit;

import java.util.Map;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.Categories;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.settings.Section;

/**
 * Concrete (Gumbel-softmax) units, {@code y = softmax((a + G) / τ)} over k neighbouring columns, G Gumbel noise: a relaxation of
 * {@link Categorical} units, which y becomes as τ → 0. The greatest y is the category that the same noise draws, at every temperature.
 * Back-propagation with G held fixed, {@code ∂y_i/∂a_j = y_i (1[i = j] − y_j) / τ}, is unbiased for the relaxed network's loss, and biased
 * for that of the network of categories. Where means are asked for it gives the softmax of a, the category's; its threshold is the
 * category's too.
 *
 * <p>Maddison, Mnih, Teh (2017), "The Concrete distribution"; Jang, Gu, Poole (2017), "Categorical reparameterization with
 * Gumbel-softmax".
 *
 * @param categories k, at least 2
 * @param temperature τ
 */
public record CategoricalConcrete(int categories, Annealed temperature) implements UnitLaw {
    public static final String TYPE = "categorical-concrete";

    static CategoricalConcrete read(Section section) {
        return new CategoricalConcrete(Categorical.readCategories(section), Annealed.temperature(section, 0.5));
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
        backend.elementwise().activate(Activation.LINEAR, logits, biases, rows);
        relax(backend, categories, temperature.at(progress), logits, draws, draw, rows, samples, derivative);
    }

    /**
     * Draws y with the noise that draws a {@link Categorical} unit.
     *
     * @param logits a
     * @param relaxed out: y
     * @param weights out: y / τ, the weights of the softmax's Jacobian
     */
    public static void relax(
            Backend backend,
            int categories,
            double temperature,
            Matrix logits,
            Draws draws,
            int draw,
            int rows,
            Matrix relaxed,
            Matrix weights) {
        backend.sampling().addGumbel(logits, draws, draw, rows, relaxed);
        float inverse = (float) (1 / temperature);
        Categories.softmax(relaxed, inverse, categories, rows, relaxed);
        Categories.multiply(relaxed, inverse, rows, weights);
    }

    @Override
    public void means(Backend backend, Matrix values, Floats biases, int rows) {
        new Categorical(categories).means(backend, values, biases, rows);
    }

    @Override
    public void thresholds(Backend backend, Matrix values, Floats biases, int rows) {
        new Categorical(categories).thresholds(backend, values, biases, rows);
    }

    @Override
    public UnitLaw inUse() {
        return new Categorical(categories);
    }

    @Override
    public int columnsPerUnit() {
        return categories;
    }

    @Override
    public Pathwise pathwise() {
        return Pathwise.SOFTMAX;
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "categories", categories, "temperature", temperature.write());
    }
}

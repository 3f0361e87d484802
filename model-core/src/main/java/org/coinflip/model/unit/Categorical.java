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
 * Categorical units: each takes k neighbouring columns of the layer, of which one is 1 and the others 0, {@code P(h_i = 1) = softmax(a)_i}. h is
 * the category whose {@code a_i + G_i} is the greatest, G_i = −log(−log u_i) a Gumbel number of each column. Its mean is the softmax, its
 * threshold the category with the greatest logit.
 *
 * @param categories k, at least 2
 */
public record Categorical(int categories) implements ExponentialFamily {
    public static final String TYPE = "categorical";

    static Categorical read(Section section) {
        return new Categorical(readCategories(section));
    }

    static int readCategories(Section section) {
        return section.integer("categories", 2, 2, Integer.MAX_VALUE);
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
        Categories.softmax(logits, 1f, categories, rows, probabilities);
        backend.sampling().addGumbel(logits, draws, draw, rows, samples);
        Categories.oneHot(samples, categories, rows);
    }

    @Override
    public void means(Backend backend, Matrix values, Floats biases, int rows) {
        backend.elementwise().activate(Activation.LINEAR, values, biases, rows);
        Categories.softmax(values, 1f, categories, rows, values);
    }

    @Override
    public void thresholds(Backend backend, Matrix values, Floats biases, int rows) {
        backend.elementwise().activate(Activation.LINEAR, values, biases, rows);
        Categories.oneHot(values, categories, rows);
    }

    @Override
    public void naturalParameters(Matrix logits, int rows, Matrix out) {
        out.setRows(0, logits, 0, rows);
    }

    @Override
    public double logPartition(Matrix logits, int row) {
        return Categories.logPartition(logits, categories, row);
    }

    @Override
    public boolean isDiscrete() {
        return true;
    }

    @Override
    public int columnsPerUnit() {
        return categories;
    }

    @Override
    public Pathwise pathwise() {
        return Pathwise.NONE;
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "categories", categories);
    }
}

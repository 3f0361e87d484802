package org.coinflip.model.unit;

import java.util.Map;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.settings.Section;

/**
 * Units that each take n neighbouring columns of the layer, of which exactly k are 1: {@code P(h) ∝ Π_i e^(a_i h_i)} over the C(n,k) subsets (the conditional
 * Bernoulli law; a is the natural parameter). Drawn column by column, each with its exact conditional probability, by {@link SubsetSums}; means are the
 * exact marginals, thresholds the k greatest logits. It is not the law of the k greatest of Gumbel-perturbed logits, which draws
 * successively without replacement; with k = 1 both are {@link Categorical}.
 *
 * @param columns n
 * @param on k, from 1 to n − 1
 */
public record KOfN(int columns, int on) implements UnitLaw {
    public static final String TYPE = "k-of-n";

    private static final int MOST = 1000;

    static KOfN read(Section section) {
        int columns = section.integer("n", 4, 2, MOST);
        int on = section.integer("k", 2, 1, MOST);
        if (on >= columns) {
            throw section.wrong("k", "less than n = " + columns + ": a unit whose columns are all 1 draws nothing");
        }
        return new KOfN(columns, on);
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
        SubsetSums sums = draws.room() instanceof SubsetSums made ? made : draws.keep(new SubsetSums(columns, on));
        for (int r = 0; r < rows; r++) {
            backend.sampling().words(draws, r, draw, logits.columns(), draws.words());
            for (int from = 0; from < logits.columns(); from += columns) {
                load(sums, logits, r, from);
                sums.finish();
                int left = on;
                for (int i = 0; i < columns; i++) {
                    boolean taken = NoiseKey.ofWord(draws.words()[from + i]) < sums.probability(i, left);
                    // Rounding must not leave more to take than there are columns.
                    taken |= left == columns - i;
                    left -= taken ? 1 : 0;
                    samples.set(r, from + i, taken ? 1f : 0f);
                    probabilities.set(r, from + i, (float) sums.marginal(i));
                }
            }
        }
    }

    private void load(SubsetSums sums, Matrix logits, int row, int from) {
        for (int i = 0; i < columns; i++) {
            sums.set(i, logits.get(row, from + i), 0);
        }
        sums.sumUp();
    }

    @Override
    public void means(Backend backend, Matrix values, Floats biases, int rows) {
        backend.elementwise().activate(Activation.LINEAR, values, biases, rows);
        SubsetSums sums = new SubsetSums(columns, on);
        for (int r = 0; r < rows; r++) {
            for (int from = 0; from < values.columns(); from += columns) {
                load(sums, values, r, from);
                sums.finish();
                for (int i = 0; i < columns; i++) {
                    values.set(r, from + i, (float) sums.marginal(i));
                }
            }
        }
    }

    @Override
    public void thresholds(Backend backend, Matrix values, Floats biases, int rows) {
        backend.elementwise().activate(Activation.LINEAR, values, biases, rows);
        greatest(values, columns, on, rows);
    }

    /** {@code v ← 1} in the k columns of each unit that are the greatest, the first of equal ones, else 0. */
    public static void greatest(Matrix values, int columns, int on, int rows) {
        for (int r = 0; r < rows; r++) {
            for (int from = 0; from < values.columns(); from += columns) {
                for (int taken = 0; taken < on; taken++) {
                    int greatest = -1;
                    for (int j = from; j < from + columns; j++) {
                        boolean left = values.get(r, j) != Float.POSITIVE_INFINITY;
                        if (left && (greatest < 0 || values.get(r, j) > values.get(r, greatest))) {
                            greatest = j;
                        }
                    }
                    if (greatest < 0) {
                        break;
                    }
                    values.set(r, greatest, Float.POSITIVE_INFINITY);
                }
                for (int j = from; j < from + columns; j++) {
                    values.set(r, j, values.get(r, j) == Float.POSITIVE_INFINITY ? 1f : 0f);
                }
            }
        }
    }

    @Override
    public boolean hasScore() {
        return true;
    }

    @Override
    public int columnsPerUnit() {
        return columns;
    }

    @Override
    public Pathwise pathwise() {
        return Pathwise.NONE;
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "n", columns, "k", on);
    }
}

package org.coinflip.model.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.coinflip.model.example.Examples;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.objective.Objective;
import org.junit.jupiter.api.Test;

/** An example of weight w counts as w examples: the weights here are whole numbers. */
class WeightedMeansTest {
    private static final float[][] PREDICTED = {{0.75f, 0.25f}, {0.5f, 0.5f}, {0.125f, 0.875f}};
    private static final int[] LABELS = {0, 1, 0};
    private static final int[] TIMES = {1, 0, 3};
    /** Sums of a few doubles, each in another order. */
    private static final double SAME = 1e-15;

    @Test
    void ofClassesAreThoseOfRepeatedExamples() {
        Map<String, Object> weighted = measured(Objective.CROSS_ENTROPY, new int[] {0, 1, 2}, new float[] {1, 0, 3});
        Map<String, Object> repeated = new LinkedHashMap<>();
        ProbabilityScores scores = new ProbabilityScores();
        double wrong = 0;
        int count = 0;
        for (int i = 0; i < TIMES.length; i++) {
            for (int k = 0; k < TIMES[i]; k++) {
                scores.add(predicted(new int[] {i}, null), 0);
                wrong += predicted(new int[] {i}, null).isRight(0) ? 0 : 1;
                count++;
            }
        }
        scores.write(repeated);
        assertEquals(wrong / count, weighted.get("weightedError"));
        assertEquals((double) repeated.get("logLoss"), (double) weighted.get("weightedLogLoss"), SAME);
    }

    @Test
    void ofNumbersAreThoseOfRepeatedExamples() {
        Map<String, Object> weighted = measured(Objective.SQUARED_ERROR, new int[] {0, 1, 2}, new float[] {1, 0, 3});
        assertEquals(3.0 / 4, weighted.get("weightedError"));
        Map<String, Object> values = measured(Objective.REGRESSION, new int[] {0, 1, 2}, new float[] {1, 0, 3});
        // errors of the first ¾ and ¼ of 0, thrice of the third ⅛ and ⅞
        assertEquals((1 + 3) / 2.0 / 4, (double) values.get("weightedMae"), SAME);
        double squares = (0.75 * 0.75 + 0.25 * 0.25 + 3 * (0.125 * 0.125 + 0.875 * 0.875)) / 2;
        assertEquals(Math.sqrt(squares / 4), (double) values.get("weightedRmse"), SAME);
    }

    @Test
    void areLeftOutWhereAllWeighOneOrNothing() {
        assertTrue(measured(Objective.CROSS_ENTROPY, new int[] {0, 1}, null).isEmpty());
        assertTrue(measured(Objective.CROSS_ENTROPY, new int[] {0, 1}, new float[] {1, 1})
                .isEmpty());
        assertTrue(measured(Objective.CROSS_ENTROPY, new int[] {0, 1}, new float[] {0, 0})
                .isEmpty());
    }

    /** A rate that training stops by is asked for whether or not examples have weights. */
    @Test
    void areToldWhereNothingElseIsMeasured() {
        WeightedMeans alone = new WeightedMeans(Objective.CROSS_ENTROPY, true);
        WeightedMeans part = new WeightedMeans(Objective.CROSS_ENTROPY, true);
        alone.add(predicted(new int[] {0}, null), 0);
        part.add(predicted(new int[] {2}, null), 0);
        alone.merge(part);
        Map<String, Object> keys = new LinkedHashMap<>();
        alone.write(keys);
        assertEquals(0.5, keys.get("weightedError"));
    }

    private static Map<String, Object> measured(Objective objective, int[] rows, float[] weights) {
        WeightedMeans means = new WeightedMeans(objective, false);
        Predicted batch = predicted(rows, weights);
        if (objective.isOfValues()) {
            batch = new Predicted(
                    batch.predictions(),
                    Examples.of(new float[rows.length][1], new float[rows.length][2])
                            .withWeights(weights),
                    0,
                    Optional.empty());
        }
        for (int r = 0; r < rows.length; r++) {
            means.add(batch, r);
        }
        Map<String, Object> keys = new LinkedHashMap<>();
        means.write(keys);
        return keys;
    }

    private static Predicted predicted(int[] rows, float[] weights) {
        Matrix predictions = Matrix.padded(rows.length, 2);
        int[] labels = new int[rows.length];
        for (int r = 0; r < rows.length; r++) {
            labels[r] = LABELS[rows[r]];
            predictions.set(r, 0, PREDICTED[rows[r]][0]);
            predictions.set(r, 1, PREDICTED[rows[r]][1]);
        }
        Examples examples = Examples.of(new float[rows.length][1], labels).withClasses(2);
        return new Predicted(
                predictions, weights == null ? examples : examples.withWeights(weights), 0, Optional.empty());
    }
}

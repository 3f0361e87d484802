package org.coinflip.model.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coinflip.model.example.Examples;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.objective.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code measures.py}, beside the file of this test's predictions, had scikit-learn and numpy say of them. */
class MeasuresAgainstScikitLearnTest {
    private static final double SAME = 1e-9;

    private static final JsonNode CASES = cases();

    private static JsonNode cases() {
        try (InputStream in = MeasuresAgainstScikitLearnTest.class.getResourceAsStream("measures.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"threeClasses", "twoClasses", "aClassWithoutExamples", "twelveClasses"})
    void probabilitiesOfClasses(String name) {
        JsonNode given = CASES.get(name);
        Matrix predictions = matrix(given.get("predictions"));
        Map<String, Object> measured =
                measured(Objective.CROSS_ENTROPY, predictions, SomeExamples.labelled(ints(given.get("labels"))));
        assertClasses(given.get("expected"), measured);
        JsonNode bins = given.get("expected").get("calibration");
        List<?> found = (List<?>) measured.get("calibration");
        assertEquals(bins.get("accuracy").size(), found.size());
        for (int b = 0; b < found.size(); b++) {
            for (String key : List.of("accuracy", "confidence")) {
                assertEquals(bins.get(key).get(b).asDouble(), (double) ((Map<?, ?>) found.get(b)).get(key), SAME, key);
            }
        }
    }

    @Test
    void thresholdsOfTwoClasses() {
        JsonNode given = CASES.get("twoClasses");
        Map<String, Object> measured = measured(
                Objective.CROSS_ENTROPY,
                matrix(given.get("predictions")),
                SomeExamples.labelled(ints(given.get("labels"))));
        Map<?, ?> curve = (Map<?, ?>) measured.get("thresholds");
        for (String key : List.of("falsePositiveRate", "recall", "precision")) {
            JsonNode expected = given.get("expected").get("thresholds").get(key);
            List<?> found = (List<?>) curve.get(key);
            assertEquals(expected.size(), found.size());
            for (int i = 0; i < found.size(); i++) {
                assertEquals(expected.get(i).asDouble(), (double) found.get(i), SAME, key);
            }
        }
    }

    @Test
    void scoresOfClasses() {
        JsonNode given = CASES.get("scores");
        Map<String, Object> measured = measured(
                Objective.SQUARED_ERROR,
                matrix(given.get("predictions")),
                SomeExamples.labelled(ints(given.get("labels"))));
        assertClasses(given.get("expected"), measured);
        for (String key : List.of("logLoss", "brier", "ece")) {
            assertFalse(measured.containsKey(key), key);
        }
    }

    @Test
    void regression() {
        JsonNode given = CASES.get("regression");
        int count = given.get("values").size();
        Matrix predictions = Matrix.padded(count, 1);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            predictions.set(i, 0, given.get("predictions").get(i).floatValue());
            values[i] = given.get("values").get(i).floatValue();
        }
        Examples examples = Examples.of(new float[count][1], values);
        Map<String, Object> measured = measured(Objective.REGRESSION, predictions, examples);
        assertEquals(3, assertScalars(given.get("expected"), measured));
        assertEquals(3, measured.size());
    }

    @Test
    void reconstructionsAreHeldToTheFeatures() {
        JsonNode given = CASES.get("scores");
        Matrix predictions = matrix(given.get("predictions"));
        int[] labels = ints(given.get("labels"));
        float[][] codes = new float[labels.length][3];
        for (int i = 0; i < labels.length; i++) {
            codes[i][labels[i]] = 1;
        }
        Map<String, Object> measured = measured(Objective.GAUSSIAN_RECONSTRUCTION, predictions, Examples.of(codes));
        for (String key : List.of("mae", "rmse", "r2")) {
            assertEquals(given.get("expected").get(key).asDouble(), (double) measured.get(key), SAME, key);
        }
    }

    @Test
    void draws() {
        JsonNode given = CASES.get("draws");
        int[] labels = ints(given.get("labels"));
        Examples examples = SomeExamples.labelled(labels);
        int draws = given.get("draws").size();
        MeasurePlan plan = MeasurePlan.all(Objective.CROSS_ENTROPY, 3, draws);
        DrawTrace trace = plan.trace(labels.length).orElseThrow();
        double[] sum = new double[labels.length * 3];
        Matrix mean = Matrix.padded(labels.length, 3);
        for (int k = 0; k < draws; k++) {
            Matrix latest = matrix(given.get("draws").get(k));
            for (int i = 0; i < sum.length; i++) {
                sum[i] += latest.get(i / 3, i % 3);
                mean.set(i / 3, i % 3, (float) (sum[i] / (k + 1)));
            }
            trace.drawn(k, latest, mean, examples, 0, labels.length);
        }
        Measures measures = new Measures(plan);
        measures.add(new Predicted(mean, examples, 0, Optional.of(trace)), labels.length);
        Map<?, ?> measured = (Map<?, ?>) measures.write().get("draws");
        JsonNode expected = given.get("expected");
        assertEquals(6, assertScalars(expected, measured));
        List<?> points = (List<?>) measured.get("byDraws");
        assertEquals(expected.get("byDraws").size(), points.size());
        for (int i = 0; i < points.size(); i++) {
            assertEquals(3, assertScalars(expected.get("byDraws").get(i), (Map<?, ?>) points.get(i)));
        }
    }

    private static void assertClasses(JsonNode expected, Map<String, Object> measured) {
        assertScalars(expected, measured);
        List<?> classes = (List<?>) measured.get("perClass");
        for (int c = 0; c < classes.size(); c++) {
            Map<?, ?> one = (Map<?, ?>) classes.get(c);
            expected.get("perClass").get(c).fields().forEachRemaining(field -> {
                if (field.getValue().isNull()) {
                    assertFalse(one.containsKey(field.getKey()), field.getKey());
                } else {
                    assertEquals(field.getValue().asDouble(), (double) one.get(field.getKey()), SAME, field.getKey());
                }
            });
        }
        Map<?, ?> rejection = (Map<?, ?>) ((Map<?, ?>) measured.get("rejection")).get("confidence");
        List<?> curve = (List<?>) rejection.get("error");
        for (int i = 0; i < curve.size(); i++) {
            assertEquals(expected.get("rejection").get(i).asDouble(), (double) curve.get(i), SAME);
        }
    }

    /** Compares all numbers, and gives how many. */
    private static int assertScalars(JsonNode expected, Map<?, ?> measured) {
        int[] compared = new int[1];
        expected.fields().forEachRemaining(field -> {
            if (field.getValue().isNumber()) {
                double found = ((Number) measured.get(field.getKey())).doubleValue();
                assertEquals(field.getValue().asDouble(), found, SAME, field.getKey());
                compared[0]++;
            }
        });
        return compared[0];
    }

    private static Map<String, Object> measured(Objective objective, Matrix predictions, Examples examples) {
        Measures measures = new Measures(MeasurePlan.all(objective, predictions.columns(), 1));
        measures.add(new Predicted(predictions, examples, 0, Optional.empty()), examples.size());
        return measures.write();
    }

    private static Matrix matrix(JsonNode rows) {
        Matrix matrix = Matrix.padded(rows.size(), rows.get(0).size());
        for (int r = 0; r < rows.size(); r++) {
            for (int j = 0; j < matrix.columns(); j++) {
                matrix.set(r, j, rows.get(r).get(j).floatValue());
            }
        }
        return matrix;
    }

    private static int[] ints(JsonNode list) {
        int[] numbers = new int[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = list.get(i).intValue();
        }
        return numbers;
    }
}

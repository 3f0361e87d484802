package org.coinflip.model.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.coinflip.model.example.Examples;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.objective.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MeasuresTest {
    private static final double SAME = 1e-15;
    private static final int OUTPUTS = 4;
    private static final int DRAWS = 5;
    private static final int STEPS = 2;
    private static final int SIZE = 90;

    private final Random random = new Random(11);

    /** A set of examples with everything that an objective may want. */
    private Examples examples(Objective objective) {
        float[][] features = new float[SIZE][OUTPUTS];
        int[] labels = new int[SIZE];
        float[][] values = new float[SIZE][objective.isOfSteps() ? STEPS : OUTPUTS];
        for (int i = 0; i < SIZE; i++) {
            for (int j = 0; j < OUTPUTS; j++) {
                features[i][j] = random.nextFloat();
            }
            labels[i] = i % OUTPUTS;
            for (int j = 0; j < values[i].length; j++) {
                values[i][j] = switch (objective) {
                    case MULTI_LABEL -> random.nextInt(2);
                    case STEP_CROSS_ENTROPY -> random.nextInt(1 + OUTPUTS / STEPS) - 1;
                    default -> random.nextFloat() * 1e3f;
                };
            }
        }
        float[] weights = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            weights[i] = random.nextFloat();
        }
        return (objective.isOfValues() ? Examples.of(features, values) : Examples.of(features, labels))
                .withWeights(weights);
    }

    private List<Matrix> draws(Objective objective) {
        List<Matrix> draws = new ArrayList<>();
        for (int k = 0; k < DRAWS; k++) {
            Matrix outputs = Matrix.padded(SIZE, OUTPUTS);
            for (int i = 0; i < SIZE; i++) {
                for (int j = 0; j < outputs.columns(); j++) {
                    outputs.set(i, j, (float) random.nextGaussian());
                }
            }
            objective.predict(outputs, SIZE, STEPS);
            draws.add(outputs);
        }
        return draws;
    }

    /** Some of the examples, in the given order and in batches of the given size. */
    private static Measures measured(MeasurePlan plan, Examples examples, List<Matrix> draws, int[] places, int batch) {
        Measures measures = new Measures(plan);
        Examples mine = examples.select(places);
        for (int start = 0; start < places.length; start += batch) {
            int count = Math.min(batch, places.length - start);
            Optional<DrawTrace> trace = plan.trace(batch);
            Matrix mean = Matrix.padded(batch, plan.outputs());
            for (int k = 0; k < draws.size(); k++) {
                Matrix latest = Matrix.padded(batch, plan.outputs());
                for (int r = 0; r < count; r++) {
                    for (int j = 0; j < plan.outputs(); j++) {
                        float value = draws.get(k).get(places[start + r], j);
                        latest.set(r, j, value);
                        mean.set(r, j, mean.get(r, j) + (value - mean.get(r, j)) / (k + 1));
                    }
                }
                int draw = k;
                int from = start;
                trace.ifPresent(seen -> seen.drawn(draw, latest, mean, mine, from, count));
            }
            measures.add(new Predicted(mean, mine, start, trace), count);
        }
        return measures;
    }

    @ParameterizedTest
    @EnumSource(Objective.class)
    void doNotDependOnOrderGroupingOrBatches(Objective objective) throws Exception {
        MeasurePlan plan = MeasurePlan.all(objective, OUTPUTS, DRAWS);
        Examples examples = examples(objective);
        List<Matrix> draws = draws(objective);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            order.add(i);
        }
        Map<String, Object> expected =
                measured(plan, examples, draws, places(order), SIZE).write();
        assertTrue(expected.size() >= 4, expected.toString());
        for (int batch : new int[] {1, 7, 64}) {
            Collections.shuffle(order, random);
            Measures first = measured(plan, examples, draws, places(order.subList(0, 20)), batch);
            Measures second = measured(plan, examples, draws, places(order.subList(20, 50)), batch);
            Measures third = measured(plan, examples, draws, places(order.subList(50, SIZE)), batch);
            second.merge(copy(first));
            third.merge(new Measures(plan));
            third.merge(second);
            assertEquals(expected, third.write());
        }
    }

    private static int[] places(List<Integer> order) {
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    /** As it comes from an executor. */
    private static Measures copy(Measures measures) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(measures);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (Measures) in.readObject();
        }
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void aMetricOfItsOwnIsThatOfAll(Metric metric) {
        for (Objective objective : Objective.values()) {
            Optional<MeasurePlan> plan = MeasurePlan.of(metric, objective, OUTPUTS);
            if (plan.isEmpty() || metric.isOfScores()) {
                continue;
            }
            Examples examples = examples(objective);
            List<Matrix> draws = draws(objective);
            int[] places = new int[SIZE];
            java.util.Arrays.setAll(places, i -> i);
            MeasurePlan all = MeasurePlan.all(objective, OUTPUTS, DRAWS);
            Object expected =
                    measured(all, examples, draws, places, SIZE).write().get(metric.key());
            Map<String, Object> alone =
                    measured(plan.get(), examples, draws, places, SIZE).write();
            assertEquals(expected, alone.get(metric.key()), metric + " of " + objective);
            double cost = metric.cost(Map.of("measures", alone));
            assertEquals((double) expected, metric.isMaximised() ? -cost : cost, metric.key());
        }
    }

    @Test
    void networksHaveTheMetricsOfTheirKind() {
        assertTrue(MeasurePlan.of(Metric.AUC, Objective.CROSS_ENTROPY, 2).isPresent());
        assertTrue(MeasurePlan.of(Metric.AUC, Objective.CROSS_ENTROPY, 1024).isPresent());
        assertTrue(MeasurePlan.of(Metric.AUC, Objective.CROSS_ENTROPY, 1025).isEmpty());
        assertTrue(MeasurePlan.of(Metric.AUC, Objective.REGRESSION, 1).isEmpty());
        assertTrue(MeasurePlan.of(Metric.ECE, Objective.SQUARED_ERROR, 3).isEmpty());
        assertTrue(MeasurePlan.of(Metric.R2, Objective.SQUARED_ERROR, 3).isPresent());
        assertTrue(MeasurePlan.of(Metric.R2, Objective.CROSS_ENTROPY, 3).isEmpty());
        assertTrue(
                MeasurePlan.of(Metric.TOP_3_ERROR, Objective.CROSS_ENTROPY, 3).isEmpty());
        assertTrue(
                MeasurePlan.of(Metric.TOP_3_ERROR, Objective.CROSS_ENTROPY, 4).isPresent());
        for (Objective objective : Objective.values()) {
            assertTrue(MeasurePlan.of(Metric.LOSS, objective, 2).orElseThrow().isEmpty());
        }
    }

    private static Map<String, Object> probabilities(float[][] rows, int... labels) {
        Measures measures = new Measures(MeasurePlan.all(Objective.CROSS_ENTROPY, rows[0].length, 1));
        measures.add(
                new Predicted(SomeExamples.rows(rows), SomeExamples.labelled(labels), 0, Optional.empty()),
                labels.length);
        return measures.write();
    }

    @Test
    void twoClassesByHand() {
        Map<String, Object> measured =
                probabilities(new float[][] {{0.75f, 0.25f}, {0.5f, 0.5f}, {0.25f, 0.75f}, {0.25f, 0.75f}}, 0, 1, 1, 0);
        // taken for 0, 0, 1, 1
        assertEquals(0.5, (double) measured.get("balancedError"), SAME);
        assertEquals(0.5, (double) measured.get("precision"), SAME);
        assertEquals(0.5, (double) measured.get("f1"), SAME);
        // class 1 has 0.5 and 0.75 against 0.25 and 0.75
        assertEquals(2.5 / 4, (double) measured.get("auc"), SAME);
        assertEquals("exact", measured.get("ranking"));
        assertEquals(
                -(2 * Math.log(0.75) + Math.log(0.5) + Math.log(0.25)) / 4, (double) measured.get("logLoss"), SAME);
        assertEquals(2 * (0.0625 + 0.25 + 0.0625 + 0.5625) / 4, (double) measured.get("brier"), SAME);
        // bins: one of 0.5, wrong; three of 0.75, two right
        assertEquals((0.5 + 3 * (0.75 - 2 / 3.0)) / 4, (double) measured.get("ece"), SAME);
        assertEquals(0.5, (double) measured.get("mce"), SAME);
        assertFalse(measured.containsKey("top2Error"));
        // the surest three hold one error between them, then one more
        assertEquals((1 / 3.0 + 1 / 3.0 + 1 / 3.0 + 0.5) / 4, (double) measured.get("rejectionArea"), SAME);
    }

    @Test
    void oneClassOnlyLeavesOutWhatItDoesNotDefine() {
        Map<String, Object> measured = probabilities(new float[][] {{0.75f, 0.25f}, {0.25f, 0.75f}}, 0, 0);
        assertFalse(measured.containsKey("auc"));
        assertFalse(measured.containsKey("averagePrecision"));
        assertEquals(0.5, measured.get("balancedError"));
        List<?> classes = (List<?>) measured.get("perClass");
        assertFalse(((Map<?, ?>) classes.get(1)).containsKey("recall"));
        assertEquals(0.0, ((Map<?, ?>) classes.get(1)).get("precision"));
    }

    @Test
    void constantProbabilitiesAreNoRanking() {
        float[] even = {0.25f, 0.25f, 0.25f, 0.25f};
        Map<String, Object> measured = probabilities(new float[][] {even, even, even, even}, 0, 1, 2, 3);
        assertEquals(0.5, measured.get("auc"));
        assertEquals(0.25, measured.get("averagePrecision"));
        assertEquals(0.5, measured.get("top2Error"));
        assertEquals(0.25, measured.get("top3Error"));
        assertEquals(0.0, measured.get("ece"));
        // equally sure: whatever is left out, as many are wrong
        assertEquals(0.75, (double) measured.get("rejectionArea"), SAME);
    }

    @Test
    void aProbabilityOfNothingCostsNoInfinity() {
        Map<String, Object> measured = probabilities(new float[][] {{1f, 0f}}, 1);
        assertEquals(52 * Math.log(2), (double) measured.get("logLoss"), 1e-12);
        assertEquals(2.0, measured.get("brier"));
    }

    @Test
    void nothingIsSaidOfPredictionsThatAreNotFinite() {
        for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            Map<String, Object> measured = probabilities(new float[][] {{0.75f, 0.25f}, {odd, 0.25f}}, 0, 0);
            assertEquals(Map.of("notFinite", 1L), measured);
            assertTrue(Double.isNaN(Metric.AUC.cost(Map.of("measures", measured))));
        }
    }

    @Test
    void targetsThatDoNotVaryHaveNoR2() {
        Measures measures = new Measures(MeasurePlan.all(Objective.REGRESSION, 1, 1));
        Examples examples = Examples.of(new float[2][1], new float[] {0.1f, 0.1f});
        measures.add(
                new Predicted(SomeExamples.rows(new float[] {0.1f}, new float[] {2.1f}), examples, 0, Optional.empty()),
                2);
        Map<String, Object> measured = measures.write();
        assertFalse(measured.containsKey("r2"));
        assertEquals(1.0, (double) measured.get("mae"), 1e-7);
        assertEquals(Math.sqrt(2), (double) measured.get("rmse"), 1e-7);
    }

    @Test
    void drawsThatAgreeHaveNoInformation() {
        MeasurePlan plan = MeasurePlan.all(Objective.CROSS_ENTROPY, 2, 3);
        Examples examples = SomeExamples.labelled(1);
        Matrix same = SomeExamples.rows(new float[] {0.3f, 0.7f});
        DrawTrace trace = plan.trace(1).orElseThrow();
        for (int k = 0; k < 3; k++) {
            trace.drawn(k, same, same, examples, 0, 1);
        }
        Measures measures = new Measures(plan);
        measures.add(new Predicted(same, examples, 0, Optional.of(trace)), 1);
        Map<?, ?> draws = (Map<?, ?>) measures.write().get("draws");
        assertEquals(0.0, (double) draws.get("mutualInformation"), 1e-15);
        assertEquals(0.0, draws.get("disagreement"));
        assertEquals(0.0, draws.get("deviation"));
        assertEquals(0.6108643, (double) draws.get("predictiveEntropy"), 1e-7);
        assertEquals(3, ((List<?>) draws.get("byDraws")).size());
    }
}

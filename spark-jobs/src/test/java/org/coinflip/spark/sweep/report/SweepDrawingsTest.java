package org.coinflip.spark.sweep.report;

import static org.coinflip.spark.sweep.report.Trials.data;
import static org.coinflip.spark.sweep.report.Trials.list;
import static org.coinflip.spark.sweep.report.Trials.map;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SweepDrawingsTest {
    private static final int MANY = 10_000;
    private static final String OPTION = "network.layers.stochastic.estimator";

    private static Trials many(Random random) {
        Trials trials = new Trials(10);
        for (int i = 0; i < MANY; i++) {
            double value = i % 100 == 99 ? Double.NaN : 0.1 + Math.abs(random.nextGaussian());
            // ends are in another order than trials
            double start = i + 50 * random.nextDouble();
            trials.add(
                    Map.of("rate", Math.pow(10, -4 * random.nextDouble())),
                    List.of(Trials.record(i, 0, 10, value, start, 1, "host")));
        }
        return trials;
    }

    /** Three rungs of which 100, 30 and 5 trials reach the first, second and third; values fall from rung to rung. */
    private static Trials rungs() {
        Trials trials = new Trials(1, 3, 9);
        for (int i = 0; i < 100; i++) {
            double base = 0.1 + i / 1000.0;
            double[] values = i < 5
                    ? new double[] {base + 0.4, base + 0.2, base}
                    : i < 30 ? new double[] {base + 0.4, base + 0.2} : new double[] {base + 0.4};
            trials.add(Map.of("rate", 0.001 * (i + 1)), values);
        }
        return trials;
    }

    private static List<Double> bestSoFar(List<Double> values) {
        List<Double> best = new ArrayList<>();
        for (Double value : values) {
            Double last = best.isEmpty() ? null : best.get(best.size() - 1);
            if (value != null && (last == null || value < last)) {
                best.add(value);
            }
        }
        return best;
    }

    @Test
    void theBestSoFarIsThatOfAllTrialsHoweverManyAreLeftOut() {
        Map<String, Object> data = data(many(new Random(1)).result());
        Map<String, Object> history = map(list(data.get("history")).get(0));
        List<Integer> trials = list(history.get("trials"));
        List<Double> ends = list(history.get("ends"));
        List<Double> values = list(history.get("values"));
        assertTrue(trials.size() < 2100, trials.size() + " points");
        assertEquals(MANY, history.get("of"));
        assertEquals(MANY / 100, history.get("failures"));

        Random random = new Random(1);
        List<Double> inOrder = new ArrayList<>();
        List<double[]> byEnd = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            double value = i % 100 == 99 ? Double.NaN : 0.1 + Math.abs(random.nextGaussian());
            double start = i + 50 * random.nextDouble();
            random.nextDouble();
            inOrder.add(Rounded.of(value));
            byEnd.add(new double[] {start, value});
        }
        assertEquals(bestSoFar(inOrder), bestSoFar(values));
        byEnd.sort(Comparator.comparingDouble(one -> one[0]));
        List<Double> inTime = IntStream.range(0, ends.size())
                .boxed()
                .sorted(Comparator.comparingDouble(ends::get))
                .map(values::get)
                .toList();
        assertEquals(bestSoFar(byEnd.stream().map(one -> Rounded.of(one[1])).toList()), bestSoFar(inTime));
    }

    @Test
    void aPageHoldsTheBestHalfOfWhatItHoldsAndSaysOfHowMany() {
        Map<String, Object> data = data(many(new Random(2)).result());
        List<List<Object>> rows = list(data.get("rows"));
        assertEquals(MANY, data.get("all"));
        assertEquals(3000, rows.size());
        Random random = new Random(2);
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            double value = i % 100 == 99 ? Double.NaN : 0.1 + Math.abs(random.nextGaussian());
            random.nextDouble();
            random.nextDouble();
            if (Double.isFinite(value)) {
                values.add(Rounded.of(value));
            }
        }
        List<Object> held = rows.stream().map(row -> row.get(1)).toList();
        assertTrue(held.containsAll(values.stream().sorted().limit(1500).toList()));
        assertTrue(rows.stream().anyMatch(row -> row.get(1) == null), "a sample has failures too");
    }

    @Test
    void aPageOfManyColumnsHoldsFewerRows() {
        Trials trials = new Trials(10);
        for (int i = 0; i < 1300; i++) {
            Map<String, Object> axes = new TreeMap<>();
            for (int axis = 0; axis < 100; axis++) {
                axes.put("axis" + axis, i * axis);
            }
            trials.add(axes, 0.5);
        }
        List<List<Object>> rows = list(data(trials.result()).get("rows"));
        assertTrue(rows.size() * 100 < 130_000, rows.size() + " rows");
    }

    @Test
    void valuesOfDifferentRungsAreNotMixed() {
        Map<String, Object> data = data(rungs().result());
        List<Map<String, Object>> history = list(data.get("history"));
        assertEquals(3, history.size());
        assertEquals(
                List.of(100, 30, 5),
                history.stream().map(rung -> rung.get("of")).toList());
        assertEquals(
                List.of(1, 3, 9),
                history.stream().map(rung -> rung.get("epochs")).toList());
        // the first trial went on to the last rung; at each it has what it had there
        assertEquals(0.5, list(history.get(0).get("values")).get(0));
        assertEquals(0.3, list(history.get(1).get("values")).get(0));
        assertEquals(0.1, list(history.get(2).get("values")).get(0));
        assertEquals(1, data.get("compared"), "the last rung has too few");
        List<List<Object>> rows = list(data.get("rows"));
        assertEquals(0.1, rows.get(0).get(1), "the table has the last value");
        assertEquals(0.3, rows.get(0).get(rows.get(0).size() - 1), "pictures have that of the rung they compare at");
        assertNull(rows.get(99).get(rows.get(99).size() - 1));
        assertEquals(30, map(map(data.get("distribution")).get("range")).get("of"));
    }

    /** Of a population all are at every rung; where none has a result, the last is looked at too. */
    @Test
    void ofRungsWithEquallyManyResultsTheHighestIsCompared() {
        Trials few = new Trials(1, 2, 4);
        Trials failed = new Trials(1, 2, 4);
        for (int trial = 0; trial < 16; trial++) {
            few.add(Map.of("rate", trial / 10.0), 0.5, 0.4, 0.3 + trial / 100.0);
            failed.add(Map.of("rate", trial / 10.0), Double.NaN);
        }
        assertEquals(2, Trials.data(few.result()).get("compared"));
        assertEquals(0, Trials.data(failed.result()).get("compared"));
    }

    @Test
    void curvesAreOfTheSweepsMetric() {
        Map<String, Object> curves = map(data(rungs().result("valid.auc", null)).get("curves"));
        assertEquals("valid.auc", curves.get("quantity"), "rungs measure it");
        Map<String, Object> first = map(list(curves.get("curves")).get(0));
        assertEquals(List.of(1, 3, 9), first.get("epochs"));
        assertEquals(List.of(0.5, 0.7, 0.9), first.get("values"));
        assertEquals(30, list(curves.get("curves")).size(), "one point is no curve");

        Trials once = new Trials(8).add(Map.of("rate", 0.1), 0.25).add(Map.of("rate", 0.2), 0.5);
        assertEquals(
                "valid.error",
                map(data(once.result("valid.auc", null)).get("curves")).get("quantity"));
        Map<String, Object> errors = map(data(once.result()).get("curves"));
        assertEquals(List.of(0.25, 0.25), map(list(errors.get("curves")).get(0)).get("values"));
    }

    @Test
    void distributionsAreOfAllTrialsOfAnOptionAndFailuresAreNoResults() {
        Trials trials = new Trials(10);
        Random random = new Random(3);
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            boolean a = i % 2 == 0;
            double value = a && i % 8 == 0 ? Double.NaN : random.nextInt(100) / 100.0;
            if (a) {
                values.add(value);
            }
            trials.add(Map.of(OPTION, a ? "a" : "b", "rate", random.nextDouble()), value);
        }
        Map<String, Object> distribution =
                map(data(trials.result(Trials.METRIC, OPTION)).get("distribution"));
        List<Map<String, Object>> curves = list(distribution.get("curves"));
        assertEquals(2, curves.size());
        Map<String, Object> curve = curves.stream()
                .filter(one -> one.get("label").equals("a"))
                .findFirst()
                .orElseThrow();
        List<Double> xs = list(curve.get("values"));
        List<Double> parts = list(curve.get("parts"));
        assertEquals(0.75, parts.get(parts.size() - 1), "a quarter failed");
        for (int i = 0; i < xs.size(); i++) {
            double x = xs.get(i);
            double asGood = values.stream().filter(value -> value <= x).count() / 200.0;
            assertEquals(asGood, parts.get(i), 1e-9);
        }
    }

    @Test
    void slicesLieAsTheirLawsDoAndHaveMediansOfAllTrials() {
        Trials trials = new Trials(10);
        for (int i = 0; i < 120; i++) {
            trials.add(Map.of(OPTION, i % 3 == 0 ? "a" : "b", "rate", Math.pow(10, -i / 40.0), "width", i), i / 120.0);
        }
        Map<String, Object> slices = map(data(trials.result()).get("slices"));
        Map<String, Map<String, Object>> byAxis = new TreeMap<>();
        list(slices.get("slices"))
                .forEach(slice -> byAxis.put((String) map(slice).get("axis"), map(slice)));
        assertEquals(true, byAxis.get("rate").get("logarithmic"));
        assertEquals(false, byAxis.get("width").get("logarithmic"));
        assertEquals(List.of("a", "b"), byAxis.get(OPTION).get("options"));
        // of 0, 3, … 117 the middle is 58.5
        List<List<Double>> medians = list(byAxis.get(OPTION).get("medians"));
        assertEquals(List.of(0.0, 0.4875), medians.get(0));
        assertEquals(10, list(byAxis.get("width").get("medians")).size());
    }

    @Test
    void cellsOfAPairAreMediansAndTheBestIsMarked() {
        Trials trials = new Trials(10);
        for (int i = 0; i < 90; i++) {
            int a = i % 3;
            int b = i / 3 % 3;
            int round = i / 9;
            double value = a != b ? 0.5 : a == 2 ? 0.05 : 0.1;
            trials.add(Map.of("a", "a" + a, "b", "b" + b), value + 0.01 * round);
        }
        Map<String, Object> pair = map(list(data(trials.result()).get("pairs")).get(0));
        assertEquals(List.of("a0", "a1", "a2"), pair.get("columnLabels"));
        List<List<Object>> cells = list(pair.get("cells"));
        assertEquals(9, cells.size());
        assertEquals(List.of(0.145, 10, 4), cells.get(0));
        assertEquals(cells.get(0), cells.get(4), "equal medians look alike");
        assertEquals(List.of(0.095, 10, 8), cells.get(8));
        assertEquals(List.of(0.545, 10, 1), cells.get(1));
    }
}

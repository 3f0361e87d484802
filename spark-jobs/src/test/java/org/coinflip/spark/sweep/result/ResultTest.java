package org.coinflip.spark.sweep.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialStatus;
import org.junit.jupiter.api.Test;

class ResultTest {
    private static TrialRow row(
            int trial, int configuration, int replicate, double value, double seconds, Map<String, Object> values) {
        boolean failed = Double.isNaN(value);
        TrialRecord record = new TrialRecord(
                trial,
                0,
                "k",
                failed ? TrialStatus.DIVERGED : TrialStatus.DONE,
                failed ? "a, \"b\"" : "",
                1,
                failed ? Map.of() : Map.of("valid.error", value, "valid.examples", 250.0),
                List.of(),
                "",
                seconds,
                (long) (1000 * seconds),
                "host");
        return new TrialRow(trial, configuration, replicate, 1 + replicate, values, record, List.of(), true, seconds);
    }

    /** Spark tells names apart by neither case nor what Parquet does not allow, and refuses two that are the same. */
    @Test
    void noTwoColumnsHaveOneName() {
        Map<String, Object> values = Map.of(
                "seed",
                5,
                "Host",
                "h",
                "valid.error",
                1,
                "a b",
                1,
                "a_b",
                2,
                "A=b",
                3,
                "axis.seed",
                4,
                "metric.valid.error",
                6);
        SweepTable table = new SweepTable(List.of(row(0, 0, 0, 0.5, 1, values)));
        List<String> names = List.of(table.schema().fieldNames());
        assertEquals(
                names.size(),
                names.stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .distinct()
                        .count(),
                names.toString());
        assertEquals(names.size(), table.sparkRows().get(0).length());
        assertEquals(0.5, (double) table.sparkRows().get(0).get(names.indexOf("metric.metric.valid.error")));
        assertTrue(
                names.containsAll(List.of("seed", "axis.seed", "axis.axis.seed", "axis.Host", "valid.error")),
                names.toString());
        assertEquals(names.size(), table.csv().lines().findFirst().orElseThrow().split(",").length);
    }

    @Test
    void anIntervalOfFiveValuesIsStudents() {
        // t of 4 degrees of freedom is 2.776445; the standard deviation of 1 … 5 is √2.5
        Interval interval = Interval.ofMean(1, 2, 3, 4, 5);
        assertEquals(3, interval.mean());
        assertEquals(3 - 2.776445 * Math.sqrt(2.5 / 5), interval.low(), 1e-6);
        assertEquals(3 + 2.776445 * Math.sqrt(2.5 / 5), interval.high(), 1e-6);
        assertFalse(Interval.ofMean(1).isKnown());
    }

    @Test
    void pairsUnderCommonNumbersAreToldApartWhereMeansAreNot() {
        List<TrialRow> rows = new ArrayList<>();
        double[] seeds = {0.10, 0.20, 0.30, 0.40};
        for (int r = 0; r < seeds.length; r++) {
            rows.add(row(r, 0, r, seeds[r], 1, Map.of("e", "a")));
        }
        double[] worse = {0.011, 0.009, 0.010, 0.010};
        for (int r = 0; r < seeds.length; r++) {
            rows.add(row(4 + r, 1, r, seeds[r] + worse[r], 1, Map.of("e", "b")));
        }
        rows.add(row(8, 2, 0, Double.NaN, 1, Map.of("e", "c")));
        League league = League.of(new SweepTable(rows), "e", "valid.error", false);
        League.Entry leader = league.entries().get(0);
        League.Entry second = league.entries().get(1);
        assertEquals("a", leader.option());
        assertTrue(second.best().value().low() < leader.best().value().high());
        assertEquals(0.010, second.behind().mean(), 1e-12);
        assertTrue(second.behind().low() > 0);
        assertEquals(4, second.pairs().count());
        assertEquals("c", league.entries().get(2).option());
        assertEquals(1, league.entries().get(2).failures());
    }

    @Test
    void importanceFindsTheAxisThatMatters() {
        Random random = new Random(1);
        List<TrialRow> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            double x = random.nextDouble();
            double z = random.nextDouble();
            rows.add(row(i, i, 0, x, 1, Map.of("x", x, "z", z, "c", "option" + i % 3)));
        }
        List<Importance> all = Importance.of(new SweepTable(rows), "valid.error");
        assertEquals("x", all.get(0).axis());
        assertTrue(all.get(0).share() > 0.9);
        assertTrue(all.get(1).share() < 0.25, all.toString());
        // two groups of two, values 1 2 and 3 4: SS_between 4, MS_within ½, SS_total 5
        assertEquals(
                (4 - 0.5) / 5, Importance.epsilonSquared(new int[] {0, 0, 1, 1}, new double[] {1, 2, 3, 4}), 1e-12);
    }

    @Test
    void theTablesChecksumLeavesTimingsOutAndNothingElse() {
        SweepTable table = new SweepTable(List.of(row(0, 0, 0, 0.5, 1, Map.of("x", 1))));
        assertEquals(table.sha256(), new SweepTable(List.of(row(0, 0, 0, 0.5, 9, Map.of("x", 1)))).sha256());
        assertNotEquals(table.sha256(), new SweepTable(List.of(row(0, 0, 0, 0.5, 1, Map.of("x", 2)))).sha256());
        assertNotEquals(
                table.sha256(), new SweepTable(List.of(row(0, 0, 0, Math.nextUp(0.5), 1, Map.of("x", 1)))).sha256());
        assertTrue(new SweepTable(List.of(row(0, 0, 0, Double.NaN, 1, Map.of())))
                .csv()
                .contains("\"a, \"\"b\"\"\""));
    }
}

package org.coinflip.spark.sweep.result;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.parquet.schema.Type;
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
        return new TrialRow(trial, configuration, replicate, 1 + replicate, values, List.of(record), true, 1);
    }

    /** Spark tells names apart by neither case nor what Parquet does not allow, and refuses two that are the same. */
    @Test
    void noTwoColumnsHaveOneName() throws IOException {
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
        List<String> names = ParquetTable.schema(table).getFields().stream()
                .map(Type::getName)
                .toList();
        assertEquals(
                names.size(),
                names.stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .distinct()
                        .count(),
                names.toString());
        List<Object> cells = table.cells(table.rows().get(0));
        assertEquals(names.size(), cells.size());
        assertEquals(0.5, (double) cells.get(names.indexOf("metric.metric.valid.error")));
        assertTrue(
                names.containsAll(List.of("seed", "axis.seed", "axis.axis.seed", "axis.Host", "valid.error")),
                names.toString());
        assertEquals(names.size(), csv(table).lines().findFirst().orElseThrow().split(",").length);
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

    /** Of p-values 0.01, 0.02, 0.03, 0.04 and α = 0.05: 0.0125 holds, 0.0167 does not. */
    @Test
    void holmStopsAtTheFirstThatIsTooLarge() {
        assertArrayEquals(
                new boolean[] {false, true, false, false, false},
                Holm.rejected(new double[] {0.04, 0.01, Double.NaN, 0.03, 0.02}, 0.05));
        assertArrayEquals(new boolean[] {true, true}, Holm.rejected(new double[] {0.05, 0.02}, 0.05));
        assertArrayEquals(new boolean[0], Holm.rejected(new double[0], 0.05));
    }

    /** t of 1, 2, 3 is 2 √3 with 2 degrees of freedom: p = 1 − t / √(t² + 2) = 0.07418. */
    @Test
    void theTestOfZeroIsStudents() {
        assertEquals(1 - Math.sqrt(12.0 / 14), Interval.testOfZero(1, 2, 3), 1e-12);
        assertTrue(Double.isNaN(Interval.testOfZero(1)));
        assertEquals(0, Interval.testOfZero(2, 2));
        assertEquals(1, Interval.testOfZero(0, 0, 0));
    }

    /** One pair in twenty would be significantly different by chance if each were tested at 5 %. */
    @Test
    void optionsAreToldApartTogetherAndBordersAreNamed() {
        List<TrialRow> rows = new ArrayList<>();
        double[] seeds = {0.10, 0.20, 0.30, 0.40};
        double[][] more = {{0, 0, 0, 0}, {0.011, 0.009, 0.010, 0.010}, {0.03, -0.02, 0.02, -0.01}};
        double[] rates = {0.1, 0.2, 0.4};
        for (int option = 0; option < 3; option++) {
            for (int rate = 0; rate < 3; rate++) {
                for (int r = 0; r < 4; r++) {
                    Map<String, Object> values = Map.of("e", "option" + option, "rate", rates[rate]);
                    double value =
                            seeds[r] + more[option][r] + (option == 1 ? 0.1 * Math.abs(rate - 1) : 0.1 * (2 - rate));
                    rows.add(row(rows.size(), 3 * option + rate, r, value, 1, values));
                }
            }
        }
        SweepResult result = SweepResult.of(
                new SweepTable(rows),
                List.of(new Objective("valid.error", false)),
                List.of(),
                new int[] {1},
                "e",
                Set.of());
        List<League.Entry> entries = result.league().entries();
        assertEquals(
                List.of("option0", "option2", "option1"),
                entries.stream().map(League.Entry::option).toList());
        assertNull(entries.get(0).toldApart());
        assertFalse(entries.get(1).toldApart());
        assertTrue(entries.get(2).toldApart());
        assertEquals(List.of(new Border("rate", 0.4, true, 3)), entries.get(0).borders());
        assertEquals(List.of(), entries.get(2).borders());
        assertEquals(List.of(new Border("rate", 0.4, true, 3)), result.borders());
        assertEquals(0, result.ranking().unranked());
        assertFalse(result.ranking().toldApart(2, "valid.error")[1]);
    }

    @Test
    void importanceComparesTrialsThatWereTakenEquallyFar() {
        List<TrialRow> rows = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            TrialRow row = row(i, i, 0, i < 10 ? 0.1 * (i % 2) : 0.9, 1, Map.of("x", i % 2, "rung", i < 10 ? 1 : 0));
            TrialRecord last = row.last();
            rows.add(new TrialRow(
                    i,
                    i,
                    0,
                    1,
                    row.values(),
                    List.of(new TrialRecord(
                            i,
                            i < 10 ? 1 : 0,
                            last.key(),
                            last.status(),
                            "",
                            1,
                            last.metrics(),
                            List.of(),
                            "",
                            1,
                            1000,
                            "host")),
                    i < 10,
                    1));
        }
        List<Importance> all = Importance.of(new SweepTable(rows), "valid.error", false);
        assertEquals("x", all.get(0).axis());
        assertEquals(1, all.get(0).share(), 1e-12);
        assertEquals(10, all.get(0).trials());
        assertEquals(0, all.get(1).share(), "all were taken to the same rung");
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
        List<Importance> all = Importance.of(new SweepTable(rows), "valid.error", false);
        assertEquals("x", all.get(0).axis());
        assertTrue(all.get(0).share() > 0.9);
        assertTrue(all.get(1).share() < 0.25, all.toString());
        // two groups of two, values 1 2 and 3 4: SS_between 4, MS_within ½, SS_total 5
        assertEquals(
                (4 - 0.5) / 5, Importance.epsilonSquared(new int[] {0, 0, 1, 1}, new double[] {1, 2, 3, 4}), 1e-12);
        // without 1: 2 | 3 4 of total 2, between 1.5, within ½, so ½; without 2: 1 | 3 4, between 4 1/6, within ½, of 4
        // 2/3; and so again for 4 and 3
        double[] without = {0.5, (25.0 / 6 - 0.5) / (28.0 / 6), (25.0 / 6 - 0.5) / (28.0 / 6), 0.5};
        double mean = Arrays.stream(without).average().orElseThrow();
        double squares =
                Arrays.stream(without).map(w -> (w - mean) * (w - mean)).sum();
        assertEquals(
                1.96 * Math.sqrt(squares * 3 / 4),
                Importance.margin(new int[] {0, 0, 1, 1}, new double[] {1, 2, 3, 4}),
                1e-12);
    }

    /** Below the median z decides alone: there x is of no use any more. And what is good of x is bad of it with the other option. */
    @Test
    void importanceOfTheBetterHalfAndOfPairsIsAnother() {
        Random random = new Random(2);
        List<TrialRow> rows = new ArrayList<>();
        List<TrialRow> crossed = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            double x = random.nextDouble();
            double z = random.nextDouble();
            rows.add(row(i, i, 0, x < 0.5 ? 0.1 * z : 0.5 + 0.1 * z, 1, Map.of("x", x, "z", z)));
            String option = "option" + i % 2;
            crossed.add(row(i, i, 0, i % 2 == 0 ? x : 1 - x, 1, Map.of("x", x, "option", option, "z", z)));
        }
        Map<String, Importance> all = new HashMap<>();
        Importance.of(new SweepTable(rows), "valid.error", false).forEach(one -> all.put(one.axis(), one));
        assertTrue(all.get("x").share() > 0.7 && all.get("z").share() < 0.3, all.toString());
        assertTrue(all.get("x").amongBest() < 0.1 && all.get("z").amongBest() > 0.9, all.toString());
        List<Importance> alone = Importance.of(new SweepTable(crossed), "valid.error", false);
        assertTrue(alone.stream().allMatch(one -> one.share() < 0.1), alone.toString());
        List<Interaction> pairs = Interaction.of(new SweepTable(crossed), "valid.error", alone);
        assertEquals(1, pairs.size(), pairs.toString());
        assertEquals(
                List.of("option", "x"),
                List.of(pairs.get(0).axis(), pairs.get(0).other()));
        // three bins of a uniform number leave a ninth of its variance within them
        assertEquals(8.0 / 9, pairs.get(0).share(), 0.1);
    }

    private static String csv(SweepTable table) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        table.csv(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theTablesChecksumLeavesTimingsOutAndNothingElse() throws IOException {
        SweepTable table = new SweepTable(List.of(row(0, 0, 0, 0.5, 1, Map.of("x", 1))));
        assertEquals(table.sha256(), new SweepTable(List.of(row(0, 0, 0, 0.5, 9, Map.of("x", 1)))).sha256());
        assertNotEquals(table.sha256(), new SweepTable(List.of(row(0, 0, 0, 0.5, 1, Map.of("x", 2)))).sha256());
        assertNotEquals(
                table.sha256(), new SweepTable(List.of(row(0, 0, 0, Math.nextUp(0.5), 1, Map.of("x", 1)))).sha256());
        assertTrue(csv(new SweepTable(List.of(row(0, 0, 0, Double.NaN, 1, Map.of()))))
                .contains("\"a, \"\"b\"\"\""));
    }
}

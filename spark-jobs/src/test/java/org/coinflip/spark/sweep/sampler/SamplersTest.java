package org.coinflip.spark.sweep.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.sweep.space.Axis;
import org.coinflip.spark.sweep.space.Configuration;
import org.coinflip.spark.sweep.space.Space;
import org.junit.jupiter.api.Test;

class SamplersTest {
    private static final String SPACE =
            "a { uniform = [0, 1] }, b { log-uniform = [1, 100] }, c = [x, { type = y, t { uniform = [0, 1] } }]";

    private static Sampler sampler(String settings, String space, long seed, String... constraints) {
        return sampler(settings, space, null, seed, constraints);
    }

    private static Sampler sampler(String settings, String text, String compare, long seed, String... constraints) {
        Space space = Space.read(ConfigFactory.parseString(text).root(), List.of(constraints));
        Axis compared = compare == null ? null : space.axis(compare).orElseThrow();
        return Samplers.read(Section.root(ConfigFactory.parseString(settings)), space, compared, Map.of(), seed);
    }

    private static List<Map<String, Object>> first(Sampler sampler, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> sampler.configuration(i).values())
                .toList();
    }

    @Test
    void everySamplerIsAFunctionOfSeedAndNumber() {
        for (String settings : List.of("type = random", "type = sobol", "type = tpe")) {
            List<Map<String, Object>> once = first(sampler(settings, SPACE, 5), 8);
            assertEquals(once, first(sampler(settings, SPACE, 5), 8), settings);
            assertNotEquals(once, first(sampler(settings, SPACE, 6), 8), settings);
            assertEquals(8, new HashSet<>(once).size(), settings);
        }
    }

    @Test
    void theGridIsAllCombinationsEachOnceAndConditionalAxesOnlyWhereTheyAre() {
        Sampler grid = sampler(
                "type = grid", "a { int = [1, 3] }, c = [x, { type = y, t { uniform = [0, 1], points = 4 } }]", 1);
        assertEquals(3 * (1 + 4), grid.size());
        Set<Map<String, Object>> all = new HashSet<>(first(grid, (int) grid.size()));
        assertEquals(15, all.size());
        assertTrue(all.contains(Map.of("a", 2L, "c", "x")));
        assertTrue(all.contains(Map.of("a", 3L, "c", "y", "c.y.t", 1.0)));
        assertEquals(
                2, sampler("type = grid", "a { int = [1, 4] }", 1, "a * a < 8").size());
        UsageException e = assertThrows(UsageException.class, () -> sampler("type = grid", SPACE, 1));
        assertTrue(e.getMessage().contains("points"), e.getMessage());
    }

    @Test
    void constraintsAreKeptAndContradictionsSaid() {
        for (String settings : List.of("type = random", "type = sobol", "type = tpe")) {
            Sampler sampler = sampler(settings, "a { uniform = [0, 1] }, b { uniform = [0, 1] }", 3, "a + b <= 0.5");
            first(sampler, 50)
                    .forEach(values -> assertTrue((double) values.get("a") + (double) values.get("b") <= 0.5));
            UsageException e =
                    assertThrows(UsageException.class, () -> sampler(settings, "a { uniform = [0, 1] }", 3, "a > 2")
                            .configuration(0));
            assertTrue(e.getMessage().contains("none of"), e.getMessage());
        }
        assertThrows(UsageException.class, () -> sampler("type = grid", "a = [1, 2]", 3, "a > 2"));
        UsageException e = assertThrows(UsageException.class, () -> sampler("type = random", "", 3));
        assertTrue(e.getMessage().contains("no axis"), e.getMessage());
    }

    @Test
    void aComparedChoiceIsRunWithEveryOptionAtEveryPoint() {
        Sampler sampler = sampler("type = sobol", SPACE, "c", 3);
        for (int i = 0; i < 10; i += 2) {
            Map<String, Object> one = sampler.configuration(i).values();
            Map<String, Object> other = sampler.configuration(i + 1).values();
            assertEquals(one.get("a"), other.get("a"));
            assertEquals(one.get("b"), other.get("b"));
            assertEquals("x", one.get("c"));
            assertEquals("y", other.get("c"));
        }
        assertNotEquals(
                sampler.configuration(0).values().get("a"),
                sampler.configuration(2).values().get("a"));
    }

    /** At rung 0 small x are good, at rung 1 large ones: with four results at rung 1, one axis and three more, only those count. */
    @Test
    void tpeLearnsFromTheHighestRungThatHasEnoughResults() {
        for (int high : new int[] {3, 4}) {
            Sampler tpe = sampler("type = tpe, start = 2, random-part = 0", "x { uniform = [0, 1] }", 1);
            List<Configuration> seen =
                    IntStream.range(0, 40).mapToObj(tpe::configuration).toList();
            seen.forEach(one -> tpe.observe(one, Measured.of(one.point()[0]), 0));
            List<Configuration> ascending = seen.stream()
                    .sorted(Comparator.comparingDouble(one -> one.point()[0]))
                    .toList();
            ascending.subList(0, high - 1).forEach(one -> tpe.observe(one, Measured.of(-one.point()[0]), 1));
            tpe.observe(ascending.get(39), Measured.of(-ascending.get(39).point()[0]), 1);
            double mean = IntStream.range(40, 80)
                    .mapToDouble(i -> tpe.configuration(i).point()[0])
                    .average()
                    .orElseThrow();
            assertTrue(high == 3 ? mean < 0.3 : mean > 0.6, high + " results: " + mean);
        }
    }

    private static Sampler first(String settings, List<Map<String, Object>> given, String... constraints) {
        Space space = Space.read(ConfigFactory.parseString(SPACE).root(), List.of(constraints));
        Sampler then = Samplers.read(Section.root(ConfigFactory.parseString(settings)), space, null, Map.of(), 5);
        return Samplers.first(given, then, space, Map.of(), 5);
    }

    @Test
    void whatIsToBeTriedFirstIsAndThenTheSamplersOwn() {
        Sampler sampler =
                first("type = sobol", List.of(Map.of("b", 0.7 + 3, "c", "y"), Map.of("a", 0.1, "b", 7, "c", "x")));
        assertEquals(3.7, sampler.configuration(0).values().get("b"));
        assertEquals("y", sampler.configuration(0).values().get("c"));
        assertTrue(sampler.configuration(0).values().containsKey("c.y.t"));
        assertEquals(
                Map.of("a", 0.1, "b", 7.0, "c", "x"), sampler.configuration(1).values());
        assertEquals(0.1, sampler.configuration(1).settings().get("a"));
        assertEquals(
                sampler("type = sobol", SPACE, 5).configuration(0).values(),
                sampler.configuration(2).values());
    }

    @Test
    void whatIsToBeTriedFirstIsRefusedWhereItIsNoneOfTheSpace() {
        Map<Map<String, Object>, String> refused = Map.of(
                Map.of("bb", 2), "sweep.first[0]: got bb, expected an axis of sweep.space; did you mean b?",
                Map.of("b", 0.5), "sweep.first[0]: b: got 0.5, expected one of the values",
                Map.of("c", "z"), "sweep.first[0]: c: got z",
                Map.of("c", "x", "c.y.t", 0.5), "with another option only",
                Map.of("a", 0.9), "keeps sweep.constraints");
        refused.forEach((given, part) -> {
            UsageException e =
                    assertThrows(UsageException.class, () -> first("type = random", List.of(given), "a < 0.8"));
            assertTrue(e.getMessage().contains(part), e.getMessage());
        });
    }

    /** Of 40 results of another sweep the best are at small x: the first that TPE proposes are there. */
    @Test
    void tpeBeginsWithWhatOtherSweepsFound() {
        Sampler knows = sampler("type = tpe, random-part = 0", "x { uniform = [0, 1] }", 1);
        Sampler begins = sampler("type = tpe, random-part = 0", "x { uniform = [0, 1] }", 1);
        Sampler other = sampler("type = random", "x { uniform = [0, 1] }", 2);
        for (int i = 0; i < 40; i++) {
            Configuration configuration = other.configuration(i);
            knows.believe(configuration, configuration.point()[0], 0);
        }
        int smaller = 0;
        for (int i = 0; i < 10; i++) {
            double x = knows.configuration(i).point()[0];
            smaller += x < begins.configuration(i).point()[0] ? 1 : 0;
            assertTrue(x < 0.5, i + ": " + x);
        }
        assertTrue(smaller >= 8, smaller + " of 10");
    }

    @Test
    void aListIsTakenAsItIsWritten() {
        Sampler list = sampler(
                "type = list, configurations = [ { training.batch = 3 }, { \"network.layers.0.units\" = 5, seed = 2 } ]",
                "",
                1);
        assertEquals(2, list.size());
        assertEquals(Map.of("training.batch", 3), list.configuration(0).settings());
        assertEquals(
                Map.of("network.layers.0.units", 5, "seed", 2),
                list.configuration(1).settings());
    }

    /**
     * Centred L2 discrepancy (Hickernell 1998): of the first 64 points in 5 dimensions below a third of the mean of random point sets, for
     * each of ten seeds; unscrambled as a check of the formula, one point in the middle of the interval has {@code 1/12}.
     */
    @Test
    void sobolsFirst64PointsAreEvenAndEachIsInItsPlace() {
        assertEquals(1.0 / 12, discrepancy(List.of(new double[] {0.5})), 1e-12);
        String space =
                "a { uniform = [0, 1] }, b { uniform = [0, 1] }, c { uniform = [0, 1] }, d { uniform = [0, 1] }, e { uniform = [0, 1] }";
        double random = 0;
        for (int seed = 0; seed < 10; seed++) {
            random += discrepancy(points(sampler("type = random", space, seed), 64)) / 10;
        }
        for (int seed = 0; seed < 10; seed++) {
            List<double[]> points = points(sampler("type = sobol", space, seed), 64);
            assertTrue(discrepancy(points) < random / 3, seed + ": " + discrepancy(points) + " of " + random);
            for (int d = 0; d < 5; d++) {
                int axis = d;
                // a net in each coordinate: one point in every 64th
                assertEquals(
                        64,
                        points.stream()
                                .map(p -> (int) (p[axis] * 64))
                                .distinct()
                                .count());
            }
        }
    }

    private static List<double[]> points(Sampler sampler, int count) {
        List<double[]> points = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            points.add(sampler.configuration(i).point());
        }
        return points;
    }

    /** The square of the centred L2 discrepancy. */
    private static double discrepancy(List<double[]> points) {
        int n = points.size();
        int d = points.get(0).length;
        double sum = 0;
        double pairs = 0;
        for (double[] x : points) {
            double product = 1;
            for (double c : x) {
                double off = Math.abs(c - 0.5);
                product *= 1 + off / 2 - off * off / 2;
            }
            sum += product;
            for (double[] y : points) {
                double p = 1;
                for (int k = 0; k < d; k++) {
                    p *= 1 + Math.abs(x[k] - 0.5) / 2 + Math.abs(y[k] - 0.5) / 2 - Math.abs(x[k] - y[k]) / 2;
                }
                pairs += p;
            }
        }
        return Math.pow(13.0 / 12, d) - 2.0 / n * sum + pairs / n / n;
    }
}

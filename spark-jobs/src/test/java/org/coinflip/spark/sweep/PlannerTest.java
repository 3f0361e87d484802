package org.coinflip.spark.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.sweep.sampler.Admission;
import org.coinflip.spark.sweep.sampler.Explorer;
import org.coinflip.spark.sweep.sampler.Sampler;
import org.coinflip.spark.sweep.sampler.Samplers;
import org.coinflip.spark.sweep.scheduler.Scheduler;
import org.coinflip.spark.sweep.scheduler.Schedulers;
import org.coinflip.spark.sweep.scheduler.Step;
import org.coinflip.spark.sweep.space.Space;
import org.junit.jupiter.api.Test;

/** Steps are a function of results, not of the order in which results come in. */
class PlannerTest {
    private static final int EPOCHS = 27;
    private static final int REPLICATES = 4;

    private static Planner planner(String sampler, String scheduler, int configurations, double budget) {
        Space space = Space.read(
                ConfigFactory.parseString("x { uniform = [0, 1] }, y { uniform = [0, 1] }")
                        .root(),
                List.of());
        Sampler of = Samplers.read(Section.root(ConfigFactory.parseString(sampler)), space, null, Map.of(), 1);
        Scheduler scheduling = Schedulers.read(Section.root(ConfigFactory.parseString(scheduler)), EPOCHS, REPLICATES);
        Explorer explorer = new Explorer(new Admission(space, Map.of()), Set.of("x"), 0.25, 1);
        return new Planner(of, scheduling, explorer::near, configurations, 8, budget);
    }

    /** Runs all, at most {@code slots} steps at once, which end in an order that a seed gives. */
    private static List<String> run(Planner planner, int slots, long seed, ToDoubleFunction<String> value) {
        Random random = new Random(seed);
        List<String> log = new ArrayList<>();
        List<Integer> running = new ArrayList<>();
        Map<Integer, Double> values = new HashMap<>();
        while (true) {
            while (running.size() < slots) {
                int number = planner.steps();
                Optional<Step> step = planner.next();
                if (step.isEmpty()) {
                    break;
                }
                String what = step.get().configuration() + " " + step.get().rung() + " "
                        + planner.configuration(step.get().configuration()).values();
                log.add(what);
                values.put(number, value.applyAsDouble(what));
                running.add(number);
            }
            if (running.isEmpty()) {
                return log;
            }
            int ended = running.remove(random.nextInt(running.size()));
            planner.result(ended, values.get(ended));
        }
    }

    /** Some function of a step, with failures. */
    private static double value(String step) {
        int hash = new Random(step.hashCode()).nextInt(1000);
        return hash < 50 ? Double.NaN : hash;
    }

    @Test
    void stepsDoNotDependOnSlotsOrOnWhoIsFirst() {
        for (String sampler : List.of("type = random", "type = tpe, start = 4")) {
            for (String scheduler : List.of(
                    "type = none",
                    "type = asha",
                    "type = successive-halving",
                    "type = hyperband",
                    "type = race",
                    "type = population, every = 9",
                    "type = median-stopping")) {
                List<String> alone = run(planner(sampler, scheduler, 40, 1e9), 1, 0, PlannerTest::value);
                assertTrue(alone.size() >= 40);
                for (int seed = 0; seed < 5; seed++) {
                    assertEquals(
                            alone,
                            run(planner(sampler, scheduler, 40, 1e9), 2 + 3 * seed, seed, PlannerTest::value),
                            sampler + ", " + scheduler);
                }
            }
        }
    }

    @Test
    void ashaSendsTheBestThirdOfEveryRungOnAndNoFailure() {
        Map<Integer, List<Double>> byRung = new HashMap<>();
        List<String> log = run(planner("type = random", "type = asha, factor = 3", 81, 1e9), 4, 1, PlannerTest::value);
        for (String step : log) {
            int rung = Integer.parseInt(step.split(" ")[1]);
            byRung.computeIfAbsent(rung, r -> new ArrayList<>()).add(value(step));
            if (rung > 0) {
                String below = step.replaceFirst(" " + rung + " ", " " + (rung - 1) + " ");
                assertFalse(Double.isNaN(value(below)), step);
            }
        }
        assertEquals(81, byRung.get(0).size());
        // asynchronous promotions are at least a third, and some more that later ones overtook
        assertTrue(
                byRung.get(1).size() >= 27 && byRung.get(1).size() < 40,
                byRung.get(1).size() + "");
        assertTrue(byRung.get(3).size() >= 3, byRung.get(3).size() + "");
    }

    @Test
    void successiveHalvingKeepsExactlyTheBestThirds() {
        List<String> log = run(
                planner("type = random", "type = successive-halving, factor = 3", 27, 1e9),
                4,
                1,
                step -> value(step.substring(0, step.indexOf(' '))));
        int[] sizes = new int[4];
        for (String step : log) {
            sizes[Integer.parseInt(step.split(" ")[1])]++;
        }
        assertEquals(List.of(27, 9, 3, 1), List.of(sizes[0], sizes[1], sizes[2], sizes[3]));
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int c = 0; c < 27; c++) {
            double v = value(String.valueOf(c));
            if (v < least) {
                least = v;
                best = c;
            }
        }
        assertTrue(log.get(log.size() - 1).startsWith(best + " 3 "), log.get(log.size() - 1));
    }

    /** Two groups of nine, all of the one better than any of the other: each is taken to its own best. */
    @Test
    void successiveHalvingWithinAnAxisHalvesEachOfItsValues() {
        StringBuilder configurations = new StringBuilder();
        for (int c = 0; c < 18; c++) {
            configurations.append(
                    String.format("{ g = %s, x = %d }, ", c % 2 == 0 ? "a" : "b", c % 2 * 100 + c * 7 % 18));
        }
        List<String> log = run(
                planner(
                        "type = list, configurations = [" + configurations + "]",
                        "type = successive-halving, factor = 3, within = g",
                        18,
                        1e9),
                4,
                1,
                step -> Double.parseDouble(step.replaceAll(".*x=(\\d+).*", "$1")));
        Map<String, Integer> sizes = new HashMap<>();
        Map<String, String> last = new HashMap<>();
        for (String step : log) {
            String group = step.replaceAll(".*g=(.).*", "$1");
            String rung = step.split(" ")[1];
            sizes.merge(group + rung, 1, Integer::sum);
            last.put(group + rung, step.replaceAll(".*x=(\\d+).*", "$1"));
        }
        assertEquals(Map.of("a0", 9, "a1", 3, "a2", 1, "a3", 1, "b0", 9, "b1", 3, "b2", 1, "b3", 1), sizes);
        // 7c mod 18 of even and of odd c: 0 and 1 are the least
        assertEquals("0", last.get("a3"));
        assertEquals("101", last.get("b3"));
    }

    @Test
    void theMedianRuleStopsAboutHalfAtEveryRung() {
        List<String> log = run(
                planner("type = random", "type = median-stopping, least = 9, every = 9, start = 3", 60, 1e9),
                4,
                1,
                PlannerTest::value);
        long whole = log.stream().filter(step -> step.split(" ")[1].equals("2")).count();
        assertTrue(whole >= 8 && whole <= 28, whole + "");
    }

    @Test
    void aBudgetOfEpochsEndsItWhereTheNextStepWouldPassIt() {
        Planner planner = planner("type = random", "type = none", 40, 3.5 * EPOCHS);
        assertEquals(3, run(planner, 4, 1, PlannerTest::value).size());
        assertTrue(planner.isOutOfBudget());
    }

    @Test
    void whatIsCopiedIsNearItsParentAndTheWayThereIsKnown() {
        Planner planner = planner("type = random", "type = population, every = 9, least = 9, anew = 0", 10, 1e9);
        Map<Integer, Map<String, Object>> began = new HashMap<>();
        int copies = 0;
        for (Optional<Step> step = planner.next(); step.isPresent(); step = planner.next()) {
            int number = step.get().configuration();
            double x = (double) planner.configuration(number).values().get("x");
            began.putIfAbsent(number, planner.configuration(number).values());
            if (step.get().copies()) {
                copies++;
                Planner.Taken parent = planner.before(step.get()).get(step.get().rung() - 1);
                double of = (double) parent.configuration().values().get("x");
                assertEquals(0.05, Math.abs(x - of), 1e-9);
                assertEquals(
                        parent.configuration().values().get("y"),
                        planner.configuration(number).values().get("y"));
                assertEquals(step.get().rung(), planner.before(step.get()).size());
            }
            // good is what began near 0.5
            planner.result(planner.steps() - 1, Math.abs(x - 0.5));
        }
        assertEquals(4, copies);
        assertEquals(10, began.size());
    }
}

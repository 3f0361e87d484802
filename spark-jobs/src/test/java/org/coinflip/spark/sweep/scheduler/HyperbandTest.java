package org.coinflip.spark.sweep.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.coinflip.model.settings.Section;
import org.junit.jupiter.api.Test;

class HyperbandTest {
    private static Scheduler hyperband(int epochs, String more) {
        return Schedulers.read(Section.root(ConfigFactory.parseString("type = hyperband" + more)), epochs, 1);
    }

    /** All steps, each with its result before the next where there is one to be had. */
    private static List<Step> run(Scheduler scheduler, int configurations, ToDoubleFunction<Step> value) {
        List<Step> steps = new ArrayList<>();
        int started = 0;
        Optional<Step> next = scheduler.next(0, configurations > 0);
        while (next.isPresent()) {
            Step step = next.get();
            assertEquals(next, scheduler.next(started, started < configurations), "asked again");
            started += step.begins() ? 1 : 0;
            scheduler.taken(step);
            steps.add(step);
            scheduler.observe(step, value.applyAsDouble(step));
            next = scheduler.next(started, started < configurations);
        }
        return steps;
    }

    private static long count(List<Step> steps, int from, int to, int rung) {
        return steps.stream()
                .filter(step -> step.configuration() >= from && step.configuration() < to && step.rung() == rung)
                .count();
    }

    /** The numbers of table 1 of Li and others (2018): R = 81, η = 3. */
    @Test
    void bracketsAreThoseOfThePublishedTable() {
        Scheduler scheduler = hyperband(81, "");
        assertEquals(
                List.of(1, 3, 9, 27, 81),
                IntStream.of(scheduler.rungs()).boxed().toList());
        assertEquals(143, scheduler.configurations().orElseThrow());
        List<Step> steps = run(scheduler, 143, step -> (step.configuration() * 61) % 143);
        int[][] table = {{81, 27, 9, 3, 1}, {34, 11, 3, 1}, {15, 5, 1}, {8, 2}, {5}};
        int from = 0;
        for (int bracket = 0; bracket < table.length; bracket++) {
            int to = from + table[bracket][0];
            for (int i = 0; i < table[bracket].length; i++) {
                assertEquals(table[bracket][i], count(steps, from, to, bracket + i), "bracket " + bracket);
            }
            from = to;
        }
        assertEquals(81 + 27 + 9 + 3 + 1 + 34 + 11 + 3 + 1 + 15 + 5 + 1 + 8 + 2 + 5, steps.size());
    }

    @Test
    void whatGoesOnIsTheBestOfItsBracketAndNoFailure() {
        ToDoubleFunction<Step> value =
                step -> step.configuration() % 4 == 0 ? Double.NaN : (step.configuration() * 37) % 101;
        List<Step> steps = run(hyperband(9, ""), 9, value);
        // 9 begin at the first rung: 0, 4 and 8 fail; of 1 → 37, 2 → 74, 3 → 10, 5 → 84, 6 → 20, 7 → 57 the best three
        // go on
        assertEquals(
                List.of(3, 6, 1),
                steps.stream()
                        .filter(step -> step.rung() == 1)
                        .map(Step::configuration)
                        .toList());
        assertEquals(
                List.of(3),
                steps.stream()
                        .filter(step -> step.rung() == 2)
                        .map(Step::configuration)
                        .toList());
    }

    @Test
    void anUnfinishedBracketEndsWithThoseThatItHasAndBracketsBeginAnew() {
        // a pass of 9, 5 and 3 configurations over rungs of 1, 3 and 9 epochs
        assertEquals(17, hyperband(9, "").configurations().orElseThrow());
        List<Step> steps = run(hyperband(9, ""), 17 + 6, Step::configuration);
        assertEquals(6, count(steps, 17, 23, 0));
        assertEquals(2, count(steps, 17, 23, 1));
        assertEquals(1, count(steps, 17, 23, 2));
    }

    @Test
    void aBracketThatWaitsDoesNotKeepTheNextFromBeginning() {
        Scheduler scheduler = hyperband(9, "");
        for (int c = 0; c < 9; c++) {
            scheduler.taken(scheduler.next(c, true).orElseThrow());
        }
        assertEquals(Optional.of(Step.begin(9, 1)), scheduler.next(9, true));
        assertTrue(scheduler.next(9, false).isEmpty());
    }

    @Test
    void oneRungIsOneBracketThatStopsNone() {
        assertEquals(4, run(hyperband(1, ""), 4, step -> 0).size());
    }
}

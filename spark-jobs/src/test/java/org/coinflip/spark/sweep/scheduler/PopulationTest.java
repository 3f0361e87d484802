package org.coinflip.spark.sweep.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coinflip.model.settings.Section;
import org.junit.jupiter.api.Test;

class PopulationTest {
    private static Scheduler population(String more) {
        return Schedulers.read(
                Section.root(ConfigFactory.parseString("type = population, least = 2, every = 2" + more)), 6, 1);
    }

    /** Takes all members to the first rung, with these results. */
    private static Scheduler begun(String more, double... values) {
        Scheduler population = population(more);
        for (int c = 0; c < values.length; c++) {
            population.taken(population.next(c, true).orElseThrow());
        }
        assertTrue(population.next(values.length, false).isEmpty(), "all are waited for");
        for (int c = 0; c < values.length; c++) {
            population.observe(Step.begin(c, 0), values[c]);
        }
        return population;
    }

    private static List<Integer> parents(Scheduler population, int members) {
        List<Integer> parents = new ArrayList<>();
        for (int c = 0; c < members; c++) {
            Step step = population.next(members, false).orElseThrow();
            assertEquals(c, step.configuration());
            assertEquals(1, step.rung());
            assertEquals(Optional.of(step), population.next(members, false), "asked again");
            population.taken(step);
            parents.add(step.parent());
        }
        assertTrue(population.next(members, false).isEmpty());
        return parents;
    }

    /** Of ten, part 0.2: the worst two, 4 and 7, go on from the best two, 2 and 9. */
    @Test
    void theWorstGoOnFromTheBest() {
        Scheduler population = begun("", 5, 6, 1, 7, 20, 8, 9, 19, 10, 2);
        assertEquals(List.of(0, 1, 2, 3, 2, 5, 6, 9, 8, 9), parents(population, 10));
    }

    @Test
    void whatFailedGoesOnFromTheBestHoweverManyThereAre() {
        double nan = Double.NaN;
        assertEquals(List.of(4, 1, 4, 4, 4), parents(begun("", nan, 2, nan, nan, 1), 5));
        Scheduler none = begun("", nan, nan);
        assertFalse(none.next(2, false).isPresent());
    }

    @Test
    void equalsGoOnByThemselves() {
        assertEquals(List.of(0, 1, 2), parents(begun(", part = 0.5", 3, 3, 3), 3));
    }

    @Test
    void afterTheLastRungThereIsNothing() {
        Scheduler population = begun("", 1, 2);
        for (int rung = 1; rung < 3; rung++) {
            for (int c = 0; c < 2; c++) {
                population.taken(population.next(2, false).orElseThrow());
            }
            for (int c = 0; c < 2; c++) {
                population.observe(Step.goOn(c, rung), c);
            }
        }
        assertTrue(population.next(2, false).isEmpty());
    }
}

package org.coinflip.model.training.updater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.ConfigFactory;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.Section;
import org.junit.jupiter.api.Test;

class PlateauTest {
    @Test
    void fallsAfterSoManyLooksThatWereNoBetterAndCountsAnewFromTheBest() {
        Plateau plateau = new Plateau(schedule("{ type = plateau, rate = 0.5, patience = 2 }"));
        double[] scores = {3, 2, 2, 2.5, 2, 1.9, Double.NaN, 1.9, 1.8, 4, 4, 4, 4};
        double[] factors = {1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125, 0.125, 0.0625};
        for (int i = 0; i < scores.length; i++) {
            plateau.look(scores[i]);
            assertEquals(factors[i], plateau.factor(), "look " + i);
        }
    }

    @Test
    void isAlwaysOneForOtherSchedules() {
        Plateau plateau = new Plateau(Schedule.CONSTANT);
        for (int i = 0; i < 30; i++) {
            plateau.look(i);
        }
        assertEquals(1, plateau.factor());
    }

    @Test
    void entersTheStepsLearningRateBesideTheWarmUp() {
        Schedule schedule = schedule("{ type = plateau, warm-up = 2 }");
        assertEquals(
                0.25 * 0.1, schedule.factor(new Progress(10, 5).rateFactor(0.1).at(4)), 1e-16);
        assertEquals(0.1, schedule.factor(new Progress(10, 5).rateFactor(0.1).at(40)));
    }

    @Test
    void isReadAndWritten() {
        Schedule schedule = schedule("{ type = plateau, rate = 0.3, patience = 4, warm-up = 1 }");
        assertEquals(
                schedule,
                Schedule.read(
                        Section.root(ConfigFactory.parseMap(schedule.write()).atPath("schedule"))
                                .typed("schedule", null)));
        assertThrows(UsageException.class, () -> schedule("{ type = plateau, rate = 1 }"));
        assertThrows(UsageException.class, () -> schedule("{ type = plateau, patience = 0 }"));
    }

    private static Schedule schedule(String hocon) {
        return Schedule.read(
                Section.root(ConfigFactory.parseString("schedule = " + hocon)).typed("schedule", null));
    }
}

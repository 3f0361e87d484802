package org.coinflip.model.training.updater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    private static Schedule schedule(String hocon) {
        return Schedule.read(Section.root(ConfigFactory.parseString(hocon)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type = constant | 7 | 1",
                "{} | 7 | 1",
                "type = exponential, rate = 0.9 | 0 | 1",
                "type = exponential, rate = 0.9 | 2.5 | 0.768433",
                "type = exponential, rate = 0.9, after = 3 | 3 | 1",
                "type = exponential, rate = 0.9, after = 3 | 5.5 | 0.768433",
                "type = step, rate = 0.1, every = 3 | 2.99 | 1",
                "type = step, rate = 0.1, every = 3, after = 1 | 3.99 | 1",
                "type = step, rate = 0.1, every = 3, after = 1 | 4 | 0.1",
                "type = step, rate = 0.1, every = 3 | 3 | 0.1",
                "type = step, rate = 0.1, every = 3 | 9.5 | 0.001",
                "type = linear | 5 | 1",
                "type = linear | 7.5 | 0.5",
                "type = linear | 10 | 0",
                "type = linear | 12 | 0",
                "type = linear, hold = 0 | 1 | 0.9",
                "type = cosine | 0 | 1",
                "type = cosine | 5 | 0.5",
                "type = cosine | 10 | 0",
                "type = cosine | 11 | 0"
            })
    void factorAfterSoManyOfTenEpochs(String hocon, double done, double expected) {
        // as many digits as are written above
        assertEquals(expected, schedule(hocon).factor(done, 10), 0.5e-6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type = constant",
                "type = exponential, rate = 0.9",
                "type = exponential, rate = 0.9, after = 50",
                "type = step, rate = 0.1, every = 3",
                "type = step, rate = 0.1, every = 3, after = 0.5",
                "type = linear, hold = 0.25",
                "type = cosine"
            })
    void readsWhatItWrites(String hocon) {
        Schedule schedule = schedule(hocon);
        assertEquals(schedule, Schedule.read(Section.root(ConfigFactory.parseMap(schedule.write()))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type = exponential",
                "type = exponential, rate = 1.5",
                "type = step, rate = 0.5, every = 0",
                "type = linear, hold = 1",
                "type = cosine, rate = 0.5",
                "type = exponential, rate = 0.5, after = -1",
                "type = linear, after = 3",
                "type = triangular"
            })
    void refusesWhatMakesNoSense(String hocon) {
        assertThrows(UsageException.class, () -> schedule(hocon));
    }

    @Test
    void progressIsAFunctionOfTheStep() {
        Progress progress = new Progress(8, 3).at(20);
        assertEquals(2, progress.epoch());
        assertEquals(2.5, progress.epochsDone());
        assertEquals(20, progress.step());
    }

    @Test
    void aWarmUpRisesInALine() {
        Schedule schedule = new Schedule(Schedule.Kind.LINEAR, 1, 1, 0).withWarmUp(2);
        Progress progress = new Progress(10, 4);
        assertEquals(0.05, schedule.factor(progress.at(0)), 1e-15);
        assertEquals(0.5 * (1 - 9 / 40.0), schedule.factor(progress.at(9)), 1e-15);
        assertEquals(1 - 19 / 40.0, schedule.factor(progress.at(19)), 1e-15);
        assertEquals(1 - 30 / 40.0, schedule.factor(progress.at(30)), 1e-15);
        assertEquals(Map.of("type", "linear", "hold", 0.0, "warm-up", 2.0), schedule.write());
    }
}

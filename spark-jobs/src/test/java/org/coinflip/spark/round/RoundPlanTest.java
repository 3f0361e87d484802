package org.coinflip.spark.round;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.stream.IntStream;
import org.coinflip.spark.experiment.Experiment;
import org.junit.jupiter.api.Test;

class RoundPlanTest {
    @Test
    void roundsCoverEveryStepOfEveryEpochOnce() {
        for (int perRound : new int[] {1, 3, 7, 50}) {
            RoundPlan plan = plan("averaging.steps-per-round = " + perRound, 95, 101, 100);
            assertEquals(11, plan.stepsPerEpoch());
            int next = 0;
            for (int r = 0; r < plan.rounds(); r++) {
                assertEquals(next % 11, plan.firstStep(r));
                assertEquals(next / 11, plan.epoch(r));
                assertTrue(plan.endStep(r) - plan.firstStep(r) <= perRound);
                next += plan.endStep(r) - plan.firstStep(r);
                assertEquals(next % 11 == 0, plan.endsEpoch(r));
                assertEquals(next / 11.0, plan.epochsDone(r), 1e-12);
            }
            assertEquals(33, next);
        }
    }

    /** 11 steps an epoch, rounds of 3, 6, 11 steps (12 is more than an epoch has). */
    @Test
    void growingRoundsCoverEveryEpochToo() {
        RoundPlan plan = plan("averaging { steps-per-round = 3, growth = 2 }", 110);
        int[] firsts = {0, 3, 6, 9, 0, 6, 0};
        int[] ends = {3, 6, 9, 11, 6, 11, 11};
        int[] epochs = {0, 0, 0, 0, 1, 1, 2};
        assertEquals(7, plan.rounds());
        for (int r = 0; r < 7; r++) {
            assertEquals(firsts[r], plan.firstStep(r));
            assertEquals(ends[r], plan.endStep(r));
            assertEquals(epochs[r], plan.epoch(r));
            assertEquals(ends[r] == 11, plan.endsEpoch(r));
        }
        assertEquals(4, plan.roundsBefore(1));
        assertEquals(7, plan.roundsBefore(3));
    }

    /** Rates 0.4, 0.2, 0.1, c = 0.5: (c / η)² = 1.5625, 6.25, 25, and 20 steps an epoch. */
    @Test
    void theQuadraticRuleMakesRoundsLongerAsTheRateFalls() {
        String settings = "training { updater.learning-rate = 0.4, schedule { type = step, rate = 0.5, every = 1 } }\n";
        RoundPlan plan = plan(settings + "averaging { steps-per-round = 3, quadratic = 0.5 }", 200);
        assertArrayEquals(new int[] {3, 6, 20}, lengths(plan));
        assertArrayEquals(
                new int[] {1, 1, 20},
                lengths(plan(settings + "averaging { steps-per-round = 3, quadratic = 0.5, local-after = 2 }", 200)));
        assertArrayEquals(
                new int[] {1, 4, 4}, lengths(plan("averaging { steps-per-round = 4, local-after = 1 }", 200)));
    }

    /** Steps of the first round of every epoch. */
    private static int[] lengths(RoundPlan plan) {
        return IntStream.range(0, plan.epochs())
                .map(plan::roundsBefore)
                .map(round -> plan.endStep(round) - plan.firstStep(round))
                .toArray();
    }

    private static RoundPlan plan(String settings, int... sizes) {
        Experiment experiment = Experiment.read(ConfigFactory.parseString(
                "training { batch = 10, epochs = 3 }, network.layers = [{ type = output, units = 10 }]\n" + settings));
        return RoundPlan.of(sizes, experiment.training(), experiment.averaging());
    }
}

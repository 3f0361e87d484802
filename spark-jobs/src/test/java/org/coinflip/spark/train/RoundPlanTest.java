package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RoundPlanTest {
    @Test
    void roundsCoverEveryStepOfEveryEpochOnce() {
        for (int perRound : new int[] {1, 3, 7, 50}) {
            RoundPlan plan = RoundPlan.of(new int[] {95, 101, 100}, 10, perRound, 1, 3);
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
        RoundPlan plan = RoundPlan.of(new int[] {110}, 10, 3, 2, 3);
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
}

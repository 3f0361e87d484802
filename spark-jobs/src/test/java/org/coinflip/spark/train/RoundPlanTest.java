package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RoundPlanTest {
    @Test
    void roundsCoverEveryStepOfEveryEpochOnce() {
        for (int perRound : new int[] {1, 3, 7, 50}) {
            RoundPlan plan = RoundPlan.of(new int[] {95, 101, 100}, 10, perRound, 3);
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
}

package org.coinflip.spark.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.spark.cost.RoundCosts;
import org.junit.jupiter.api.Test;

class RoundTimesTest {
    /** Two tasks, one twice as long as the other: its slot idles for a half. */
    @Test
    void partsAddUpToTheRoundAndTheSlotThatWaitsIsIdle() {
        WorkTimes tasks = new WorkTimes(10, 200, 240).plus(new WorkTimes(10, 400, 440));
        // at work for 440, and 60 more of merging, in which 20 are for the new state
        RoundTimes times = RoundTimes.of(500, 20, tasks, 440, 2);
        assertEquals(20 + 10, times.broadcastNanos());
        assertEquals(300, times.computeNanos());
        assertEquals(440 - 340, times.idleNanos());
        // 30 of each task, 40 together
        assertEquals(70, times.combineNanos());
        assertEquals(500, times.wallNanos());
        assertEquals(507, times.withDriver(7).wallNanos());
        assertEquals(7, times.withDriver(7).driverNanos());
    }

    @Test
    void aRoundOfStepsAloneHasNothingNegative() {
        RoundTimes times = RoundTimes.ofSteps(1000, 300, 2);
        assertEquals(300, times.wallNanos());
        assertTrue(times.millis().values().stream().allMatch(ms -> (Double) ms >= 0));
    }

    /** H s = 1 s, outside 20 + 5 ms. */
    @Test
    void predictionsAreTheFormula() {
        RoundCosts costs = new RoundCosts(2, 4, 0.02, 0.02, 0.005);
        assertEquals(0.025, costs.overhead(), 1e-12);
        assertEquals(1 / 1.025, costs.efficiency(0.025, 50), 1e-12);
        // 0.025 / 0.02 · 19 = 23.75
        assertEquals(24, costs.breakEven(0.025, 0.95));
        assertTrue(costs.efficiency(0.025, 24) >= 0.95 && costs.efficiency(0.025, 23) < 0.95);
    }
}

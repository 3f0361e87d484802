package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RoundTimesTest {
    /** Two tasks at once, one twice as long as the other: its slot idles for a half. */
    @Test
    void partsAddUpToTheRoundAndTheSlotThatWaitsIsIdle() {
        WorkTimes tasks = new WorkTimes(10, 200, 240).plus(new WorkTimes(10, 400, 440));
        // (10 + 200 + 30 of combining) and (10 + 400 + 30): 680 in two slots
        RoundTimes times = RoundTimes.of(500, 20, 5, 15, tasks, 2);
        assertEquals(20 + 10, times.broadcastNanos());
        assertEquals(300, times.computeNanos());
        assertEquals(5 + 30, times.combineNanos());
        assertEquals(15, times.driverNanos());
        assertEquals(120, times.idleNanos());
        assertEquals(500, times.wallNanos());
    }

    @Test
    void aRoundOfStepsAloneHasNothingNegative() {
        RoundTimes times = RoundTimes.ofSteps(1000, 300, 2);
        assertEquals(300, times.wallNanos());
        assertTrue(times.millis().values().stream().allMatch(ms -> (Double) ms >= 0));
    }

    /** H s = 1 s, outside 10 + 20 (twice: one slot measured, 2 wanted) + 5 + 2 · 2 ms. */
    @Test
    void predictionsAreTheFormula() {
        RoundCosts costs = new RoundCosts(1, 4, 0.02, 0.02, 0.005, 0.01, 0.002);
        assertEquals(0.01 + 0.04 + 0.005 + 0.004, costs.overhead(2), 1e-12);
        assertEquals(1 / 1.059, costs.efficiency(2, 50), 1e-12);
        // 0.059 / 0.02 · 19 = 56.05
        assertEquals(57, costs.breakEven(2, 0.95));
        assertTrue(costs.efficiency(2, 57) >= 0.95 && costs.efficiency(2, 56) < 0.95);
    }
}

package org.coinflip.spark.cost;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.averaging.SpanBroken;
import org.coinflip.spark.averaging.WaitingWorker;
import org.coinflip.spark.cost.TransportCosts.Seen;
import org.coinflip.spark.round.RoundResult;
import org.coinflip.spark.state.StatePool;
import org.junit.jupiter.api.Test;

class TransportCostsTest {
    private static final double WIRE = 0.014;
    private static final double LATENCY = 0.0012;
    private static final double MESSAGE = 0.00003;
    private static final double COPY = 0.002;

    /** What executors would take if the formula held to the digit. */
    private static Seen one(int m) {
        double empty = m == 1 ? 0 : LATENCY + 2 * (m - 1) * MESSAGE;
        return new Seen(m, COPY + WIRE * (m - 1) / m + empty, empty);
    }

    private static List<Seen> exact(int... executors) {
        return IntStream.of(executors).mapToObj(TransportCostsTest::one).toList();
    }

    @Test
    void theFitFindsWhatTheFormulaWasMadeOf() {
        TransportCosts costs = TransportCosts.fit(exact(1, 2, 4, 8));
        assertEquals(WIRE, costs.wire(), 1e-15);
        assertEquals(LATENCY, costs.latency(), 1e-15);
        assertEquals(MESSAGE, costs.message(), 1e-15);
        // sides 8, 5, 5, 5
        assertEquals(WIRE * 999 / 1000 + 4 * LATENCY + 2 * (7 + 4 + 4 + 4) * MESSAGE, costs.of(1000), 1e-12);
        // a prime: a line
        assertEquals(WIRE * 996 / 997 + LATENCY + 2 * 996 * MESSAGE, costs.of(997), 1e-12);
        assertEquals(0, costs.of(1));
    }

    /** Sixteen are a torus of 4 × 4, and no outlier. */
    @Test
    void theFitKnowsSides() {
        double empty = 2 * LATENCY + 2 * 6 * MESSAGE;
        Seen sixteen = new Seen(16, COPY + WIRE * 15 / 16 + empty, empty);
        TransportCosts costs = TransportCosts.fit(List.of(one(1), one(2), one(4), one(8), sixteen));
        assertEquals(WIRE, costs.wire(), 1e-15);
        assertEquals(LATENCY, costs.latency(), 1e-15);
        assertEquals(MESSAGE, costs.message(), 1e-15);
    }

    @Test
    void twoExecutorsDoNotTellMessagesFromLatency() {
        TransportCosts costs = TransportCosts.fit(exact(1, 2));
        assertEquals(0, costs.message());
        assertEquals(one(2).state() - COPY, costs.of(2), 1e-15);
    }

    @Test
    void oneExecutorAveragesWithNobody() {
        assertEquals(0, TransportCosts.fit(exact(1)).of(1000));
    }

    @Test
    void aWaitingWorkerGivesBackWhatItWasGiven() {
        Floats start = Floats.of(1, 2, 3);
        StatePool pool = new StatePool(3);
        WaitingWorker worker = new WaitingWorker(2_000_000, KernelChoice.PORTABLE);
        RoundResult result = worker.run(start, 0, null, 7, 1, null, pool);
        assertArrayEquals(start.toArray(), result.state().toArray());
        assertEquals(1, pool.allocated());
        assertTrue(result.times().stepNanos() >= 2_000_000);
        Thread.currentThread().interrupt();
        assertThrows(SpanBroken.class, () -> worker.run(start, 0, null, 7, 1, null, pool));
        assertTrue(Thread.interrupted());
    }
}

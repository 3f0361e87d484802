package org.coinflip.spark.averaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalBarrierTest {
    private static final int MEMBERS = 5;
    private static final int TIMES = 2000;
    private static final LocalBarrier.Patience ENDLESS = waited -> {};

    private final ExecutorService threads = Executors.newFixedThreadPool(MEMBERS);
    private final LocalBarrier barrier = new LocalBarrier(MEMBERS);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private <T> List<Future<T>> ranks(int count, Callable<T> rank) {
        List<Future<T>> all = new ArrayList<>();
        for (int m = 0; m < count; m++) {
            all.add(threads.submit(rank));
        }
        return all;
    }

    /** A plain field, written by the last to come and read by all: the barrier orders them. */
    @Test
    void nobodyGoesOnBeforeAllHaveComeAndTheLastHasDoneItsPart() throws Exception {
        int[] met = new int[1];
        List<Future<Boolean>> all = ranks(MEMBERS, () -> {
            boolean good = true;
            for (int t = 1; t <= TIMES; t++) {
                barrier.await(() -> met[0]++, ENDLESS);
                good &= met[0] == t;
                // nobody writes while others read
                barrier.await(() -> {}, ENDLESS);
            }
            return good;
        });
        for (Future<Boolean> rank : all) {
            assertTrue(rank.get(1, TimeUnit.MINUTES));
        }
        assertEquals(TIMES, met[0]);
    }

    @Test
    void whoeverWaitsHearsThatAMemberHasFailed() throws Exception {
        List<Future<Void>> waiting = ranks(MEMBERS - 1, () -> {
            barrier.await(() -> {}, ENDLESS);
            return null;
        });
        Thread.sleep(100);
        barrier.breakUp(new SpanBroken("first"));
        barrier.breakUp(new SpanBroken("second"));
        for (Future<Void> rank : waiting) {
            ExecutionException e = assertThrows(ExecutionException.class, () -> rank.get(1, TimeUnit.MINUTES));
            assertEquals(
                    "first",
                    assertThrows(SpanBroken.class, () -> {
                                throw e.getCause();
                            })
                            .getMessage());
        }
        assertThrows(SpanBroken.class, () -> barrier.await(() -> {}, ENDLESS));
    }

    @Test
    void nobodyWaitsLongerThanItWants() {
        SpanBroken e = assertThrows(
                SpanBroken.class,
                () -> barrier.await(() -> {}, waited -> {
                    if (waited > 50_000_000) {
                        throw new SpanBroken("waited");
                    }
                }));
        assertEquals("waited", e.getMessage());
    }
}

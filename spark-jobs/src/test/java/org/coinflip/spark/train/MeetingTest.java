package org.coinflip.spark.train;

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

class MeetingTest {
    private static final int MEMBERS = 5;
    private static final int TIMES = 2000;
    private static final Meeting.Patience ENDLESS = waited -> {};

    private final ExecutorService threads = Executors.newFixedThreadPool(MEMBERS);
    private final Meeting meeting = new Meeting(MEMBERS);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private <T> List<Future<T>> members(int count, Callable<T> member) {
        List<Future<T>> all = new ArrayList<>();
        for (int m = 0; m < count; m++) {
            all.add(threads.submit(member));
        }
        return all;
    }

    /** A plain field, written by the last to come and read by all: the meeting orders them. */
    @Test
    void nobodyGoesOnBeforeAllHaveComeAndTheLastHasDoneItsPart() throws Exception {
        int[] met = new int[1];
        List<Future<Boolean>> all = members(MEMBERS, () -> {
            boolean good = true;
            for (int t = 1; t <= TIMES; t++) {
                meeting.await(() -> met[0]++, ENDLESS);
                good &= met[0] == t;
                // nobody writes while others read
                meeting.await(() -> {}, ENDLESS);
            }
            return good;
        });
        for (Future<Boolean> member : all) {
            assertTrue(member.get(1, TimeUnit.MINUTES));
        }
        assertEquals(TIMES, met[0]);
    }

    @Test
    void whoeverWaitsHearsThatAMemberHasFailed() throws Exception {
        List<Future<Void>> waiting = members(MEMBERS - 1, () -> {
            meeting.await(() -> {}, ENDLESS);
            return null;
        });
        Thread.sleep(100);
        meeting.breakUp(new StretchBroken("first"));
        meeting.breakUp(new StretchBroken("second"));
        for (Future<Void> member : waiting) {
            ExecutionException e = assertThrows(ExecutionException.class, () -> member.get(1, TimeUnit.MINUTES));
            assertEquals(
                    "first",
                    assertThrows(StretchBroken.class, () -> {
                                throw e.getCause();
                            })
                            .getMessage());
        }
        assertThrows(StretchBroken.class, () -> meeting.await(() -> {}, ENDLESS));
    }

    @Test
    void nobodyWaitsLongerThanItWants() {
        StretchBroken e = assertThrows(
                StretchBroken.class,
                () -> meeting.await(() -> {}, waited -> {
                    if (waited > 50_000_000) {
                        throw new StretchBroken("waited");
                    }
                }));
        assertEquals("waited", e.getMessage());
    }
}

package org.coinflip.spark.averaging;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The barrier of the tasks of one process, which spins before it sleeps; the last to arrive does what one of them has to do for all. A barrier of the JDK's wakes
 * its threads in some fifty microseconds, and rounds of small networks take a few thousand.
 * Never waits for ever: it ends where one rank fails, where Spark asks a task to end, and after a time.
 */
final class LocalBarrier {
    /** Looks before sleeping, some tens of microseconds. */
    private static final int LOOKS = 2000;
    /** How often a sleeper looks whether its task is to end. */
    private static final long NAP_MILLIS = 20;

    /** A task's own wish to stop waiting. */
    interface Patience {
        /** Throws where it waits no longer. */
        void check(long waitedNanos);
    }

    private final int ranks;
    private final AtomicInteger here = new AtomicInteger();
    private volatile int time;
    private volatile SpanBroken broken;

    /** @param ranks how many meet each time */
    LocalBarrier(int ranks) {
        this.ranks = ranks;
    }

    /**
     * Waits for all.
     *
     * @param last done by the last to come, before anyone goes on
     * @throws SpanBroken where a rank has failed
     */
    void await(Runnable last, Patience patience) {
        int now = time;
        if (here.incrementAndGet() == ranks) {
            requireWhole();
            last.run();
            here.set(0);
            synchronized (this) {
                time = now + 1;
                notifyAll();
            }
            return;
        }
        for (int look = 0; look < LOOKS && time == now && broken == null; look++) {
            Thread.onSpinWait();
        }
        long began = System.nanoTime();
        while (time == now) {
            requireWhole();
            patience.check(System.nanoTime() - began);
            nap(now);
        }
    }

    private synchronized void nap(int now) {
        try {
            if (time == now && broken == null) {
                TimeUnit.MILLISECONDS.timedWait(this, NAP_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SpanBroken("a task was interrupted", e);
        }
    }

    private void requireWhole() {
        SpanBroken why = broken;
        if (why != null) {
            throw new SpanBroken(why.getMessage(), why);
        }
    }

    /** Lets nobody wait any more; the first reason counts. */
    synchronized void breakUp(SpanBroken why) {
        if (broken == null) {
            broken = why;
        }
        notifyAll();
    }
}

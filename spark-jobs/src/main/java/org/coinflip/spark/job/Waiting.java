package org.coinflip.spark.job;

import java.util.function.BooleanSupplier;

/**
 * A wait for something outside this process, in calls of Spark's that do not return meanwhile: it is said what is waited for after five seconds
 * and every thirty after that, on standard error. Where a stop is asked for the process ends with 5, and after a bound with 1; nothing has been
 * written by then.
 */
final class Waiting implements AutoCloseable {
    private static final long FIRST_SECONDS = 5;
    private static final long EVERY_SECONDS = 30;
    private static final long LOOK_MILLIS = 100;
    private static final int STOPPED = 5;
    private static final int FAILED = 1;

    private final long seconds;
    private final BooleanSupplier stop;
    private final long began = System.nanoTime();
    private final Thread thread = new Thread(this::watch, "waiting");
    private volatile String subject;

    /**
     * @param seconds the bound
     * @param stop whether the process was asked to end
     */
    Waiting(long seconds, BooleanSupplier stop) {
        this.seconds = seconds;
        this.stop = stop;
        thread.setDaemon(true);
    }

    /** Says from now on that this is waited for. */
    void begin(String what) {
        boolean first = subject == null;
        subject = what;
        if (first) {
            thread.start();
        }
    }

    private void watch() {
        long next = FIRST_SECONDS;
        try {
            while (true) {
                Thread.sleep(LOOK_MILLIS);
                long waited = (System.nanoTime() - began) / 1_000_000_000L;
                if (stop.getAsBoolean()) {
                    end("stopped while it waited for " + subject, STOPPED);
                }
                if (waited >= seconds) {
                    end("waited " + waited + " s, as long as --wait says, for " + subject, FAILED);
                }
                if (waited >= next) {
                    System.err.println("waiting for " + subject);
                    next = waited < EVERY_SECONDS ? EVERY_SECONDS : waited + EVERY_SECONDS;
                }
            }
        } catch (InterruptedException e) {
            // the wait is over
        }
    }

    /** The thread that waits is inside Spark and does not look up. */
    private static void end(String line, int exit) {
        System.err.println(line);
        Runtime.getRuntime().halt(exit);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

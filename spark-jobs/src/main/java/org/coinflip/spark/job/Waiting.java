package org.coinflip.spark.job;

import org.coinflip.spark.checkpoint.Ending;

/**
 * A wait for something outside this process, in calls of Spark's that do not return meanwhile: it is said what is waited for after five seconds
 * and every thirty after that, on standard error. Where the process is asked to end it does at once, and after a bound it ends with 1; nothing has
 * been written by then.
 */
final class Waiting implements AutoCloseable {
    private static final long FIRST_SECONDS = 5;
    private static final long EVERY_SECONDS = 30;
    private static final long LOOK_MILLIS = 100;
    private static final int FAILED = 1;

    private final long seconds;
    private final Ending ending;
    private final long began = System.nanoTime();
    private final Thread thread = new Thread(this::watch, "waiting");
    private volatile String subject;

    /**
     * @param seconds the bound
     * @param ending whether the process is asked to end
     */
    Waiting(long seconds, Ending ending) {
        this.seconds = seconds;
        this.ending = ending;
        thread.setDaemon(true);
    }

    /** Says from now on that this is waited for. */
    void begin(String what) {
        boolean first = subject == null;
        subject = what;
        ending.inHaste(0, () -> "stopped while it waited for " + subject);
        if (first) {
            thread.start();
        }
    }

    private void watch() {
        long next = FIRST_SECONDS;
        String seen = subject;
        try {
            while (true) {
                Thread.sleep(LOOK_MILLIS);
                long waited = (System.nanoTime() - began) / 1_000_000_000L;
                if (!seen.equals(subject)) {
                    seen = subject;
                    next = waited + FIRST_SECONDS;
                }
                if (waited >= seconds) {
                    end("waited " + waited + " s, as long as --wait says, for " + subject);
                }
                if (waited >= next) {
                    System.err.println("waiting for " + subject);
                    next = waited + EVERY_SECONDS;
                }
            }
        } catch (InterruptedException e) {
            // the wait is over
        }
    }

    /** The thread that waits is inside Spark and does not look up. */
    private static void end(String line) {
        System.err.println(line);
        Runtime.getRuntime().halt(FAILED);
    }

    @Override
    public void close() {
        thread.interrupt();
        ending.atOnce();
    }
}

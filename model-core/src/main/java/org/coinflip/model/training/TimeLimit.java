package org.coinflip.model.training;

/** How long a training may take. In any thread. */
public final class TimeLimit {
    private static final double NANOS = 1e9;

    private final double seconds;
    private final long beganNanos;

    /** From now on. @param seconds 0 for no limit */
    public TimeLimit(double seconds) {
        this(seconds, 0);
    }

    /**
     * From now on, for one that has taken some time already.
     *
     * @param seconds in all; 0 for no limit
     */
    public TimeLimit(double seconds, long nanosBefore) {
        this.seconds = seconds;
        this.beganNanos = System.nanoTime() - nanosBefore;
    }

    /** Whether the time is over. */
    public boolean isUp() {
        return seconds > 0 && System.nanoTime() - beganNanos >= seconds * NANOS;
    }
}

package org.coinflip.spark.averaging;

/** Thrown where a span lost a task or a message: it is aborted, and run again from the last state that the driver has. */
public final class SpanBroken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int tasksThere;

    SpanBroken(String why) {
        this(why, null);
    }

    SpanBroken(String why, Throwable cause) {
        super(why, cause);
        this.tasksThere = 0;
    }

    /** @param tasksThere how many tasks have slots */
    SpanBroken(String why, int tasksThere) {
        super(why);
        this.tasksThere = tasksThere;
    }

    /** How many tasks have slots; 0 where that is not known. */
    int tasksThere() {
        return tasksThere;
    }
}

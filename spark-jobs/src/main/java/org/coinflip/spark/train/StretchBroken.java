package org.coinflip.spark.train;

/** A stretch of rounds cannot go on: one of its tasks is lost. It is run again from the state at its beginning. */
final class StretchBroken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int tasksThere;

    StretchBroken(String why) {
        this(why, null);
    }

    StretchBroken(String why, Throwable cause) {
        super(why, cause);
        this.tasksThere = 0;
    }

    /** @param tasksThere how many tasks have slots */
    StretchBroken(String why, int tasksThere) {
        super(why);
        this.tasksThere = tasksThere;
    }

    /** How many tasks have slots; 0 where that is not known. */
    int tasksThere() {
        return tasksThere;
    }
}

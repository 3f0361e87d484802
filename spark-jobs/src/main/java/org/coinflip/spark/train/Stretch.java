package org.coinflip.spark.train;

import java.io.Serializable;

/**
 * Rounds that executors run one after another without the driver, as their tasks are told of them.
 *
 * @param id no other stretch of this application has it: that of the broadcast that its blocks are removed with
 * @param first number of the first round, 0 and up
 * @param end the round after the last
 * @param tasks that run it together
 * @param from the stretch at whose end executors may have the state that this one begins with; {@link #NONE} where none has
 * @param memory the broadcast in whose pieces the outer optimiser's memory lies; {@link #NONE} where it has none
 * @param before the broadcast that what the stretch before kept of examples is removed with; {@link #NONE} at the start
 * @param kept the broadcast that what this stretch keeps is removed with; {@link #NONE} where it keeps nothing
 * @param patienceNanos how long a task waits for others beyond what its own round took
 */
record Stretch(
        long id, int first, int end, int tasks, long from, long memory, long before, long kept, long patienceNanos)
        implements Serializable {
    /** No broadcast, no stretch. */
    static final long NONE = -1;
}

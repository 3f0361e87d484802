package org.coinflip.spark.round;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Consecutive rounds that executors run as one Spark job, averaging among themselves without the driver: its description, which every task gets.
 *
 * @param id no other span of this application has it: that of the broadcast that its blocks are removed with
 * @param first number of the first round, 0 and up
 * @param end the round after the last
 * @param tasks that run it together
 * @param from the span at whose end executors may have the state that this one begins with; {@link #NONE} where none has
 * @param memory the broadcast in whose pieces the outer optimiser's memory lies; {@link #NONE} where it has none
 * @param before the broadcast that what the span before kept of examples is removed with; {@link #NONE} at the start
 * @param kept the broadcast that what this span keeps is removed with; {@link #NONE} where it keeps nothing
 * @param marks rounds, ascending, after which processes hand over what they have, and go on; of the last of all the driver takes care
 * @param looks those of them after which the validation split is looked at
 * @param rateFactor factor on the learning rate of all its rounds that looks have decided
 * @param patienceNanos how long a task waits for others beyond what its own round took
 */
public record RoundSpan(
        long id,
        int first,
        int end,
        int tasks,
        long from,
        long memory,
        long before,
        long kept,
        int[] marks,
        int[] looks,
        double rateFactor,
        long patienceNanos)
        implements Serializable {
    /** No broadcast, no span. */
    public static final long NONE = -1;

    public boolean isMark(int round) {
        return Arrays.binarySearch(marks, round) >= 0;
    }

    public boolean isLook(int round) {
        return Arrays.binarySearch(looks, round) >= 0;
    }
}

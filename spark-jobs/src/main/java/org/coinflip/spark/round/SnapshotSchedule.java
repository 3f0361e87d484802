package org.coinflip.spark.round;

import java.util.function.IntPredicate;

/**
 * The rounds after which a snapshot of the state is taken: those that a validation follows, and those that a checkpoint may be written after.
 * It counts by rounds alone; a checkpoint by minutes is {@link org.coinflip.spark.record.TrainingRecord#isCheckpointDue}'s.
 *
 * @param looks after which the validation split is looked at
 * @param every state and memory are wanted after those, and besides after every so many rounds; 0 for no others
 */
public record SnapshotSchedule(IntPredicate looks, int every) {
    static final SnapshotSchedule NONE = new SnapshotSchedule(round -> false, 0);

    /** Whether state and memory are wanted after a round. */
    public boolean isMark(int round) {
        return isLook(round) || (every > 0 && (round + 1) % every == 0);
    }

    /** Whether the validation split is looked at then. */
    public boolean isLook(int round) {
        return looks.test(round);
    }
}

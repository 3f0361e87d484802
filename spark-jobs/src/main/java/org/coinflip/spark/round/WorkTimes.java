package org.coinflip.spark.round;

import java.io.Serializable;

/**
 * Where a task's time of a round went, or the sum over tasks.
 *
 * @param loadNanos bringing the round's first state here and into the worker's memory
 * @param stepNanos in steps
 * @param taskNanos all of it; what is left is copying out, checking and merging
 */
public record WorkTimes(long loadNanos, long stepNanos, long taskNanos) implements Serializable {
    public static final WorkTimes NONE = new WorkTimes(0, 0, 0);

    WorkTimes plus(WorkTimes other) {
        return new WorkTimes(loadNanos + other.loadNanos, stepNanos + other.stepNanos, taskNanos + other.taskNanos);
    }
}

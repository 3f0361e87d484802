package org.coinflip.spark.sweep.scheduler;

import java.util.Optional;

/** Says what is to be done next. Not thread-safe. */
public interface Scheduler {
    /** Epochs done at each rung, ascending; the last is the whole training. */
    int[] rungs();

    /**
     * What to do next, or nothing where a result has to be waited for or nothing is left. Asking again without a new result gives the
     * same answer.
     *
     * @param started configurations that have been started: the number of the next new one
     * @param more whether a new one may be started
     */
    Optional<Step> next(int started, boolean more);

    /** Takes note that a step that {@link #next} gave will be done. */
    default void taken(Step step) {}

    /**
     * Takes a step's result.
     *
     * @param value the metric, to be minimised; NaN for a failure, which goes no further
     */
    default void observe(Step step, double value) {}

    /** Whether results change what is done next. */
    default boolean learns() {
        return true;
    }
}

package org.coinflip.spark.sweep.scheduler;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Says what is to be done next. Not thread-safe. */
public interface Scheduler {
    /** Epochs done at each rung, ascending; the last is the whole training. */
    int[] rungs();

    /** Configurations that make a whole of it, where it plans for a number; a sweep that says nothing of trials has so many. */
    default OptionalInt configurations() {
        return OptionalInt.empty();
    }

    /**
     * What to do next, or nothing where a result has to be waited for or nothing is left. Asking again without a new result gives the
     * same answer.
     *
     * @param started configurations that have been started: the number of the next new one
     * @param more whether a new one may be started
     */
    Optional<Step> next(int started, boolean more);

    /**
     * Takes note of a configuration before its first step is taken.
     *
     * @param values of the axes that are there, by name
     */
    default void begun(int configuration, Map<String, Object> values) {}

    /** Takes note that a step that {@link #next} gave will be done. */
    default void taken(Step step) {}

    /**
     * Takes a step's result.
     *
     * @param value the metric, to be minimised; NaN for a failure, which goes no further
     */
    default void observe(Step step, double value) {}

    /** Whether a step is one replicate of a configuration, in the order of seeds; otherwise it is all of them. */
    default boolean takesReplicates() {
        return false;
    }

    /** Whether a configuration may go on from another's state, with other settings than it had. */
    default boolean copies() {
        return false;
    }

    /** Whether results change what is done next. */
    default boolean learns() {
        return true;
    }
}

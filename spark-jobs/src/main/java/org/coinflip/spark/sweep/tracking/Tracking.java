package org.coinflip.spark.sweep.tracking;

import java.util.Map;
import org.coinflip.spark.sweep.trial.TrialRecord;

/** Is told of every trial that ended. Never fails and never waits: a sweep must not depend on who watches it. */
public interface Tracking extends AutoCloseable {
    /** Tells nobody. */
    Tracking NONE = (record, values) -> {};

    /** @param values of the trial's axes */
    void ended(TrialRecord record, Map<String, Object> values);

    /** Is told that all went well; where it is closed without, the sweep was stopped or failed. */
    default void whole() {}

    @Override
    default void close() {}
}

package org.coinflip.spark.sweep;

import java.util.List;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialRequest;

/** Where trials run. What becomes of them is told through a queue. */
interface Execution extends AutoCloseable {
    /** Bundles that should be under way to keep all busy. */
    int capacity();

    /** Whether trials that are short may share a task. */
    boolean bundles();

    /** Starts trials, one after another in one place; returns at once. */
    void submit(List<TrialRequest> bundle);

    /**
     * What became of a bundle.
     *
     * @param requests the bundle
     * @param records of those trials that were run
     * @param failure why it ended before it gave any records; null where it did not
     */
    record Event(List<TrialRequest> requests, List<TrialRecord> records, Throwable failure) {}

    @Override
    void close();
}

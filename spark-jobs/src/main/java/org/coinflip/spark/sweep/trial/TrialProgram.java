package org.coinflip.spark.sweep.trial;

import com.typesafe.config.Config;
import java.io.Serializable;
import java.util.Set;

/** What a trial does with its settings. */
public interface TrialProgram extends Serializable {
    /**
     * Refuses settings that cannot be carried out.
     *
     * @throws org.coinflip.model.error.UsageException in a line
     */
    void check(Config settings);

    /** The metrics that a trial which is done has, as far as they are known beforehand; empty where any name may be one. */
    Set<String> metrics();

    /** Whether trials need the examples of {@code data}. */
    default boolean needsData() {
        return false;
    }

    /** Epochs of a whole trial. */
    int epochs(Config settings);

    /**
     * Runs a trial in the calling thread; ends early where that is interrupted.
     *
     * @throws org.coinflip.model.error.DivergenceException where it diverged
     */
    Outcome run(Config settings, TrialRequest request, Checkpoints checkpoints) throws Exception;
}

package org.coinflip.spark.sweep.trial;

import com.typesafe.config.Config;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.coinflip.data.Description;
import org.coinflip.model.settings.Section;

/** What a trial does with its settings. */
public interface TrialProgram extends Serializable {
    /**
     * Refuses settings that cannot be carried out.
     *
     * @throws org.coinflip.model.error.UsageException in a line
     */
    void check(Section settings);

    /**
     * Refuses settings that cannot be carried out.
     *
     * @throws org.coinflip.model.error.UsageException in a line
     */
    default void check(Config settings) {
        check(Section.root(settings));
    }

    /** Refuses settings that cannot be carried out on some data. */
    default void check(Config settings, Description data) {
        check(settings);
    }

    /**
     * Refuses metrics that trials with some settings have not.
     *
     * @param names some of {@link #metrics}
     */
    default void checkMetrics(Config settings, Description data, List<String> names) {}

    /** Refuses settings with which no trial can be run in parts, each going on from the state of the one before. */
    default void checkParts(Config settings) {}

    /**
     * All that a trial depends on beside its axes, by key: a sweep goes on only where it is the same.
     *
     * @param data of the settings; absent where trials need none
     */
    default Map<String, Object> identity(Config settings, Optional<Description> data) {
        return settings.withoutPath("name").root().unwrapped();
    }

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

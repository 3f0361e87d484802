package org.coinflip.spark.sweep;

import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * The section {@code sweep.execution}: how trials are run. Changes no result, but for which trials take too long.
 *
 * @param as in tasks of their own, or each as a data-parallel job, one after another
 * @param trialSeconds time of a trial at a rung
 * @param taskSeconds trials that take less are put into tasks that take about so long
 * @param retries tries again of a trial whose executor was lost
 */
public record ExecutionSpec(As as, double trialSeconds, double taskSeconds, int retries) {
    private static final double TRIAL_SECONDS = 3600;
    private static final double TASK_SECONDS = 2;

    /** What a trial is to Spark. */
    public enum As {
        TASKS,
        JOBS
    }

    static ExecutionSpec read(Section section) {
        ExecutionSpec spec = new ExecutionSpec(
                section.choice("as", As.TASKS),
                section.number("trial-seconds", TRIAL_SECONDS, Range.POSITIVE),
                section.number("task-seconds", TASK_SECONDS, Range.POSITIVE),
                section.integer("retries", 1, 0, 100));
        section.finish();
        return spec;
    }
}

package org.coinflip.spark.sweep.result;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialStatus;

/**
 * A row of a sweep's table: what became of a trial in the end.
 *
 * @param trial its number
 * @param configuration its configuration's number
 * @param replicate which of the configuration's seeds
 * @param seed the training's
 * @param values of the axes that are there, by name
 * @param last the record at the highest rung that it reached
 * @param curve points of all rungs
 * @param isWhole whether it was taken to the last rung
 * @param seconds spent at all rungs
 */
public record TrialRow(
        int trial,
        int configuration,
        int replicate,
        long seed,
        Map<String, Object> values,
        TrialRecord last,
        List<TrialRecord.Point> curve,
        boolean isWhole,
        double seconds) {
    /** {@code done}, {@code stopped} by the scheduler, or how it failed. */
    public String status() {
        return last.status() == TrialStatus.DONE && !isWhole
                ? "stopped"
                : last.status().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public boolean isFailure() {
        return last.status() != TrialStatus.DONE;
    }

    /** A metric; NaN where the trial has none. */
    public double metric(String name) {
        return last.metrics().getOrDefault(name, Double.NaN);
    }
}

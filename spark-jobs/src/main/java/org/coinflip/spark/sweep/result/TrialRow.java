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
 * @param records one a rung that it reached, the lowest rung first; at least one
 * @param isWhole whether it was taken to the last rung
 * @param replicates trials that its configuration is to have
 */
public record TrialRow(
        int trial,
        int configuration,
        int replicate,
        long seed,
        Map<String, Object> values,
        List<TrialRecord> records,
        boolean isWhole,
        int replicates) {
    /** The record at the highest rung that it reached. */
    public TrialRecord last() {
        return records.get(records.size() - 1);
    }

    /** Points of the learning curve at all rungs. */
    public List<TrialRecord.Point> curve() {
        return records.stream().flatMap(record -> record.curve().stream()).toList();
    }

    /** Spent at all rungs. */
    public double seconds() {
        return records.stream().mapToDouble(TrialRecord::seconds).sum();
    }

    /** {@code done}, {@code stopped} by the scheduler, or how it failed. */
    public String status() {
        return last().status() == TrialStatus.DONE && !isWhole
                ? "stopped"
                : last().status().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public boolean isFailure() {
        return last().status() != TrialStatus.DONE;
    }

    /** A metric; NaN where the trial has none. */
    public double metric(String name) {
        return last().metrics().getOrDefault(name, Double.NaN);
    }
}

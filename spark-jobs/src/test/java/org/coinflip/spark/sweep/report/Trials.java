package org.coinflip.spark.sweep.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.coinflip.spark.sweep.result.Objective;
import org.coinflip.spark.sweep.result.SweepResult;
import org.coinflip.spark.sweep.result.SweepTable;
import org.coinflip.spark.sweep.result.TrialRow;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialStatus;

/** Trials made up for tests of pictures. */
final class Trials {
    static final String METRIC = "valid.error";

    private final List<TrialRow> rows = new ArrayList<>();
    private final int[] epochs;

    /** @param epochs at each rung */
    Trials(int... epochs) {
        this.epochs = epochs;
    }

    /** A record that began at a second on a host, with a value of the metric; one that is not finite is of a failure. */
    static TrialRecord record(
            int trial, int rung, int epochs, double value, double start, double seconds, String host) {
        boolean failed = !Double.isFinite(value);
        List<TrialRecord.Point> curve = failed
                ? List.of()
                : List.of(
                        new TrialRecord.Point(Math.max(1, epochs / 2), 3 * value, 2 * value, value),
                        new TrialRecord.Point(epochs, 3 * value, 2 * value, value));
        return new TrialRecord(
                trial,
                rung,
                "k",
                failed ? TrialStatus.DIVERGED : TrialStatus.DONE,
                failed ? "no <b>number</b>" : "",
                epochs,
                failed ? Map.of() : Map.of(METRIC, value, "valid.auc", 1 - value),
                curve,
                "",
                seconds,
                (long) (1000 * start) + 1_000_000,
                host);
    }

    /** Adds a trial with these values at the rungs from the lowest on, a second each, one after another. */
    Trials add(Map<String, Object> axes, double... values) {
        int trial = rows.size();
        List<TrialRecord> records = new ArrayList<>();
        for (int rung = 0; rung < values.length; rung++) {
            records.add(record(trial, rung, epochs[rung], values[rung], 10.0 * trial + rung, 1, "host"));
        }
        return add(axes, records);
    }

    Trials add(Map<String, Object> axes, List<TrialRecord> records) {
        int trial = rows.size();
        boolean whole = records.get(records.size() - 1).rung() == epochs.length - 1;
        rows.add(new TrialRow(trial, trial, 0, 1, axes, records, whole, 1));
        return this;
    }

    SweepResult result(String metric, String compared) {
        return SweepResult.of(
                new SweepTable(rows),
                List.of(new Objective(metric, metric.endsWith("auc"))),
                List.of(),
                epochs,
                compared,
                Set.of("rate"));
    }

    SweepResult result() {
        return result(METRIC, null);
    }

    /** The data of a page. */
    static Map<String, Object> data(SweepResult result) {
        return new SweepDrawings(result).data();
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    static <T> List<T> list(Object value) {
        return (List<T>) value;
    }
}

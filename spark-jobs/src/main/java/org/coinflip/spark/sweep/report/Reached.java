package org.coinflip.spark.sweep.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.coinflip.spark.sweep.result.SweepResult;
import org.coinflip.spark.sweep.result.TrialRow;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialStatus;

/**
 * The trials that reached a rung, with what they had there, be it that they were stopped there or went on. Values of different rungs are
 * not alike: a picture shows those of one.
 *
 * @param rung its number
 * @param epochs epochs done there
 * @param entries in the order of trials
 */
record Reached(int rung, int epochs, List<Entry> entries) {
    /** Fewer results than this are no picture. */
    private static final int LEAST_RESULTS = 20;

    /**
     * A trial at the rung.
     *
     * @param row the trial
     * @param record its record there
     * @param value the metric there; NaN where it failed or has none
     */
    record Entry(TrialRow row, TrialRecord record, double value) {
        boolean isFailure() {
            return record.status() != TrialStatus.DONE;
        }

        boolean hasValue() {
            return Double.isFinite(value);
        }
    }

    /** Every rung that some trial reached, the lowest first. */
    static List<Reached> of(SweepResult result) {
        TreeMap<Integer, List<Entry>> byRung = new TreeMap<>();
        for (TrialRow row : result.table().rows()) {
            for (TrialRecord record : row.records()) {
                double value = record.status() == TrialStatus.DONE
                        ? record.metrics().getOrDefault(result.metric(), Double.NaN)
                        : Double.NaN;
                byRung.computeIfAbsent(record.rung(), rung -> new ArrayList<>()).add(new Entry(row, record, value));
            }
        }
        int[] epochs = result.epochs();
        List<Reached> all = new ArrayList<>();
        for (Map.Entry<Integer, List<Entry>> one : byRung.entrySet()) {
            int rung = one.getKey();
            all.add(new Reached(rung, epochs[Math.min(rung, epochs.length - 1)], one.getValue()));
        }
        return all;
    }

    /**
     * The place of the rung that pictures of all trials compare at: the highest with {@value #LEAST_RESULTS} results, else that with the most, of equally many the highest.
     *
     * @param all not empty
     */
    static int compared(List<Reached> all) {
        int most = all.size() - 1;
        for (int i = most; i >= 0; i--) {
            if (all.get(i).results() >= LEAST_RESULTS) {
                return i;
            }
            most = all.get(i).results() > all.get(most).results() ? i : most;
        }
        return most;
    }

    /**
     * How bad each trial was here, for orders.
     *
     * @param maximised whether more is better
     * @return NaN for a trial that was not here, or failed; {@link Double#compare} puts it last
     */
    ToDoubleFunction<TrialRow> badness(boolean maximised) {
        Map<Integer, Double> values = new HashMap<>();
        entries.forEach(entry -> values.put(entry.row().trial(), (maximised ? -1 : 1) * entry.value()));
        return row -> values.getOrDefault(row.trial(), Double.NaN);
    }

    int results() {
        return (int) entries.stream().filter(Entry::hasValue).count();
    }

    int failures() {
        return (int) entries.stream().filter(Entry::isFailure).count();
    }

    double[] values() {
        return entries.stream().mapToDouble(Entry::value).toArray();
    }
}

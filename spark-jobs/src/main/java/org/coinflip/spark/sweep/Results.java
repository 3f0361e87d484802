package org.coinflip.spark.sweep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.coinflip.spark.sweep.result.SweepResult;
import org.coinflip.spark.sweep.result.SweepTable;
import org.coinflip.spark.sweep.result.TrialRow;
import org.coinflip.spark.sweep.scheduler.Step;
import org.coinflip.spark.sweep.space.Configuration;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialRequest;
import org.coinflip.spark.sweep.trial.TrialStatus;

/** What is known of every trial so far. */
final class Results {
    private final SweepSpec spec;
    private final int trials;
    private final int[] rungs;
    private final long seed;
    private final Map<Integer, Configuration> configurations = new TreeMap<>();
    private final Map<Integer, List<TrialRecord>> records = new TreeMap<>();
    private final Map<Integer, Pending> pending = new HashMap<>();
    private int failed;
    private double best = Double.NaN;

    /** A step whose trials are not all back: the sum of their metrics, in the order of replicates. */
    private static final class Pending {
        private final double[] values;
        private final int firstTrial;
        private int missing;

        Pending(int trials, int firstTrial) {
            this.values = new double[trials];
            this.missing = trials;
            this.firstTrial = firstTrial;
        }
    }

    Results(SweepSpec spec, int trials, int[] rungs, long seed) {
        this.spec = spec;
        this.trials = trials;
        this.rungs = rungs;
        this.seed = seed;
    }

    /** Trials that there are to be. */
    int trials() {
        return trials;
    }

    /** Trials with a record, be it of the first rung only. */
    synchronized int size() {
        return records.size();
    }

    /** Trials that failed, in one way or another. */
    synchronized int failed() {
        return failed;
    }

    /** The best mean of a configuration at the last rung so far; NaN where there is none. */
    synchronized double best() {
        return best;
    }

    synchronized void begin(int number, Step step, List<TrialRequest> requests, Configuration configuration) {
        configurations.put(step.configuration(), configuration);
        pending.put(number, new Pending(requests.size(), requests.get(0).trial()));
    }

    /** Takes a record; gives the step's value to be minimised when it was the last. */
    synchronized OptionalDouble add(int step, TrialRecord record) {
        records.computeIfAbsent(record.trial(), t -> new ArrayList<>(1)).add(record);
        failed += record.status() == TrialStatus.DONE ? 0 : 1;
        Pending of = pending.get(step);
        double metric = record.metrics().getOrDefault(spec.metric(), Double.NaN);
        of.values[record.trial() - of.firstTrial] = record.status() == TrialStatus.DONE ? metric : Double.NaN;
        if (--of.missing > 0) {
            return OptionalDouble.empty();
        }
        pending.remove(step);
        double sum = 0;
        for (double value : of.values) {
            sum += value;
        }
        double mean = sum / of.values.length;
        boolean better = Double.isNaN(best) || (spec.maximised() ? mean > best : mean < best);
        if (record.rung() == rungs.length - 1 && !Double.isNaN(mean) && better) {
            best = mean;
        }
        return OptionalDouble.of(spec.maximised() ? -mean : mean);
    }

    /** The table and what follows from it. */
    synchronized SweepResult result() {
        List<TrialRow> rows = new ArrayList<>();
        records.forEach((trial, all) -> rows.add(row(trial, all)));
        String compared = spec.compared() == null ? null : spec.compared().name();
        return SweepResult.of(new SweepTable(rows), spec.metric(), spec.maximised(), rungs, compared);
    }

    private TrialRow row(int trial, List<TrialRecord> all) {
        List<TrialRecord> byRung = new ArrayList<>(all);
        byRung.sort((a, b) -> Integer.compare(a.rung(), b.rung()));
        TrialRecord last = byRung.get(byRung.size() - 1);
        int configuration = trial / spec.replicates();
        int replicate = trial % spec.replicates();
        Configuration given = configurations.get(configuration);
        return new TrialRow(
                trial,
                configuration,
                replicate,
                (given.settings().get("seed") instanceof Number set ? set.longValue() : seed) + replicate,
                given.values(),
                last,
                byRung.stream().flatMap(record -> record.curve().stream()).toList(),
                last.rung() == rungs.length - 1,
                byRung.stream().mapToDouble(TrialRecord::seconds).sum());
    }
}

package org.coinflip.spark.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.coinflip.spark.sweep.result.SweepResult;
import org.coinflip.spark.sweep.result.SweepTable;
import org.coinflip.spark.sweep.result.TrialRow;
import org.coinflip.spark.sweep.sampler.Measured;
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
    /** By number; null where no trial of it is back. */
    private final List<Configuration> configurations = new ArrayList<>();
    /** By trial, one a rung; null where there is none. */
    private final List<List<TrialRecord>> records = new ArrayList<>();

    private final Map<Integer, Pending> pending = new HashMap<>();
    /** Of each configuration that lacks replicates the sum of its metric at the last rung, and how many it is of. */
    private final Map<Integer, double[]> totals = new HashMap<>();

    private int size;
    private int failed;
    private double best = Double.NaN;

    /** A step whose trials are not all back: their metrics, in the order of replicates. */
    private static final class Pending {
        private final TrialRecord[] values;
        private final int firstTrial;
        private final Configuration configuration;
        private int missing;

        Pending(int trials, int firstTrial, Configuration configuration) {
            this.configuration = configuration;
            this.values = new TrialRecord[trials];
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
        return size;
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
        pending.put(number, new Pending(requests.size(), requests.get(0).trial(), configuration));
    }

    /** Takes a record; gives what the step measured when it was the last: means over replicates. */
    synchronized Optional<Measured> add(int step, TrialRecord record) {
        List<TrialRecord> before = at(records, record.trial());
        put(records, record.trial(), before == null ? List.of(record) : with(before, record));
        size += before == null ? 1 : 0;
        failed += record.status() == TrialStatus.DONE ? 0 : 1;
        Pending of = pending.get(step);
        put(configurations, record.trial() / spec.replicates(), of.configuration);
        of.values[record.trial() - of.firstTrial] = record;
        if (--of.missing > 0) {
            return Optional.empty();
        }
        pending.remove(step);
        double sum = sum(of.values, spec.metric());
        if (record.rung() == rungs.length - 1) {
            note(record.trial() / spec.replicates(), sum, of.values.length);
        }
        double[] values = spec.goals().objectives().stream()
                .mapToDouble(objective -> objective.minimised(sum(of.values, objective.metric()) / of.values.length))
                .toArray();
        double violation =
                SweepResult.violation(spec.goals().limits(), name -> sum(of.values, name) / of.values.length);
        return Optional.of(new Measured(values, violation));
    }

    private static <T> T at(List<T> list, int index) {
        return index < list.size() ? list.get(index) : null;
    }

    private static <T> void put(List<T> list, int index, T value) {
        while (list.size() <= index) {
            list.add(null);
        }
        list.set(index, value);
    }

    private static List<TrialRecord> with(List<TrialRecord> records, TrialRecord another) {
        return Stream.concat(records.stream(), Stream.of(another)).toList();
    }

    /** NaN where one failed or has no such metric. */
    private static double sum(TrialRecord[] records, String metric) {
        double sum = 0;
        for (TrialRecord record : records) {
            sum += record.status() == TrialStatus.DONE ? record.metrics().getOrDefault(metric, Double.NaN) : Double.NaN;
        }
        return sum;
    }

    /** Takes replicates of the last rung into the best mean, when their configuration has all. */
    private void note(int configuration, double sum, int count) {
        double[] total = totals.computeIfAbsent(configuration, c -> new double[2]);
        total[0] += sum;
        total[1] += count;
        double mean = total[0] / total[1];
        boolean better = Double.isNaN(best) || (spec.maximised() ? mean > best : mean < best);
        if (total[1] == spec.replicates(configuration, trials)) {
            totals.remove(configuration);
            best = better && !Double.isNaN(mean) ? mean : best;
        }
    }

    /** The table and what follows from it, which for many trials takes seconds in which others come in. */
    SweepResult result() {
        List<TrialRow> rows = rows();
        String compared = spec.compared() == null ? null : spec.compared().name();
        return SweepResult.of(
                new SweepTable(rows),
                spec.goals().objectives(),
                spec.goals().limits(),
                rungs,
                compared,
                spec.space().logarithmic());
    }

    private synchronized List<TrialRow> rows() {
        return IntStream.range(0, records.size())
                .filter(trial -> records.get(trial) != null)
                .mapToObj(trial -> row(trial, records.get(trial)))
                .toList();
    }

    private TrialRow row(int trial, List<TrialRecord> all) {
        List<TrialRecord> byRung = all.size() == 1
                ? all
                : all.stream()
                        .sorted(Comparator.comparingInt(TrialRecord::rung))
                        .toList();
        int configuration = trial / spec.replicates();
        int replicate = trial % spec.replicates();
        Configuration given = configurations.get(configuration);
        return new TrialRow(
                trial,
                configuration,
                replicate,
                (given.settings().get("seed") instanceof Number set ? set.longValue() : seed) + replicate,
                given.values(),
                byRung,
                byRung.get(byRung.size() - 1).rung() == rungs.length - 1,
                spec.replicates(configuration, trials));
    }
}

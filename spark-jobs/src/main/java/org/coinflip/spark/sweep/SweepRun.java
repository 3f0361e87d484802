package org.coinflip.spark.sweep;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.sweep.journal.Journal;
import org.coinflip.spark.sweep.scheduler.Step;
import org.coinflip.spark.sweep.tracking.Tracking;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialRequest;
import org.coinflip.spark.sweep.trial.TrialStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver's loop: takes steps from the planner, keeps the cluster busy with their trials, writes what came back to the journal, and only
 * then tells the planner. What the journal has already is not run again.
 */
final class SweepRun {
    private static final Logger LOG = LoggerFactory.getLogger(SweepRun.class);
    private static final int MOST_IN_A_TASK = 1000;
    private static final long LOOK_MILLIS = 100;
    /** Weight of the latest trial in the mean that says how many fit a task. */
    private static final double FORGETTING = 0.2;

    private final SweepSpec spec;
    private final Planner planner;
    private final Requests requests;
    private final Execution execution;
    private final BlockingQueue<Execution.Event> events;
    private final Journal journal;
    private final Results results;
    private final Tracking tracking;
    private final Ending ending;
    private final Map<String, TrialRecord> known = new HashMap<>();
    private final Deque<TrialRequest> ready = new ArrayDeque<>();
    private final Deque<TrialRequest> again = new ArrayDeque<>();
    private final Map<String, Integer> losses = new HashMap<>();
    private final Map<Integer, Double> secondsByRung = new HashMap<>();
    private final Map<String, Integer> stepOfTrial = new HashMap<>();
    private int underWay;
    private int executed;
    private double executedSeconds;

    SweepRun(
            SweepSpec spec,
            Planner planner,
            Requests requests,
            Execution execution,
            BlockingQueue<Execution.Event> events,
            Journal journal,
            Results results,
            Tracking tracking,
            Ending ending) {
        this.spec = spec;
        this.planner = planner;
        this.requests = requests;
        this.execution = execution;
        this.events = events;
        this.journal = journal;
        this.results = results;
        this.tracking = tracking;
        this.ending = ending;
        journal.takeRecords().forEach(record -> known.put(id(record.trial(), record.rung()), record));
    }

    /** Trials that the journal has of an earlier run. */
    int before() {
        return known.size();
    }

    /** Trials that this run executed, those of the journal left out. */
    int executed() {
        return executed;
    }

    /** Time that they took, added up. */
    double executedSeconds() {
        return executedSeconds;
    }

    /**
     * Runs to the end of the sweep or of its time, or until too many trials have failed.
     *
     * @param progress is called after every batch of records
     * @return whether no trial is left
     * @throws SweepStopped where it is asked to end before that
     */
    boolean run(Consumer<Results> progress) throws InterruptedException {
        long end = spec.budget().seconds() == Double.POSITIVE_INFINITY
                ? Long.MAX_VALUE
                : System.nanoTime() + (long) (1e9 * spec.budget().seconds());
        while (true) {
            boolean bearable = spec.stopAfterFailures() == 0 || results.failed() < spec.stopAfterFailures();
            boolean inTime = bearable && (end == Long.MAX_VALUE || System.nanoTime() < end);
            while (inTime && underWay < execution.capacity() && submit()) {
                underWay++;
            }
            if (underWay == 0) {
                return inTime;
            }
            List<Execution.Event> batch = await();
            take(batch);
            progress.accept(results);
        }
    }

    /**
     * Runs trials once more that are in the journal already, for what they leave behind.
     *
     * @return their records
     */
    List<TrialRecord> repeat(List<TrialRequest> trials) throws InterruptedException {
        List<TrialRecord> records = new ArrayList<>();
        trials.forEach(trial -> execution.submit(List.of(trial)));
        for (int left = trials.size(); left > 0; ) {
            List<Execution.Event> batch = await();
            left -= batch.size();
            batch.forEach(event -> records.addAll(event.records()));
        }
        return records;
    }

    /** What ended since, in the order in which it did. */
    private List<Execution.Event> await() throws InterruptedException {
        List<Execution.Event> batch = new ArrayList<>();
        while (batch.isEmpty()) {
            if (ending.getAsBoolean()) {
                throw new SweepStopped(ending.by());
            }
            Execution.Event first = events.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            if (first != null) {
                batch.add(first);
                events.drainTo(batch);
            }
        }
        return batch;
    }

    /** Starts a bundle, if there is anything to do. */
    private boolean submit() {
        if (!again.isEmpty()) {
            execution.submit(List.of(again.remove()));
            return true;
        }
        List<TrialRequest> bundle = new ArrayList<>();
        int size = 1;
        while (bundle.size() < size && fill()) {
            bundle.add(ready.remove());
            size = bundleSize(bundle.get(0).rung());
        }
        if (!bundle.isEmpty()) {
            execution.submit(bundle);
        }
        return !bundle.isEmpty();
    }

    /** Trials that make a task long enough to be worth its cost, but leave work for all slots. */
    private int bundleSize(int rung) {
        Double seconds = secondsByRung.get(rung);
        if (seconds == null || !execution.bundles()) {
            return 1;
        }
        // of a sweep that learns no more are under way than its window
        long window = spec.replicates() * planner.window();
        // half of a fair share of what is left, for one bundle's trials may take longer than another's, and the last is
        // waited for
        double fair = Math.min(window, (results.trials() - results.size()) / 2.0) / execution.capacity();
        return (int) Math.max(
                1, Math.min(Math.min(MOST_IN_A_TASK, fair), spec.execution().taskSeconds() / seconds));
    }

    /** Sees to it that a trial is ready; false where none can be had now. */
    private boolean fill() {
        while (ready.isEmpty()) {
            int number = planner.steps();
            Optional<Step> step = planner.next();
            if (step.isEmpty()) {
                return false;
            }
            List<TrialRequest> trials = requests.of(step.get(), planner);
            results.begin(
                    number, step.get(), trials, planner.configuration(step.get().configuration()));
            for (TrialRequest trial : trials) {
                stepOfTrial.put(id(trial.trial(), trial.rung()), number);
                TrialRecord record = known.remove(id(trial.trial(), trial.rung()));
                if (record != null && record.key().equals(trial.key())) {
                    finish(record);
                } else {
                    ready.add(trial);
                }
            }
        }
        return true;
    }

    private void take(List<Execution.Event> batch) {
        List<TrialRecord> records = new ArrayList<>();
        for (Execution.Event event : batch) {
            underWay--;
            if (event.failure() != null) {
                event.requests().forEach(request -> lost(request, event, records));
                continue;
            }
            records.addAll(event.records());
            List<TrialRequest> left = event.requests()
                    .subList(event.records().size(), event.requests().size());
            for (int i = left.size() - 1; i >= 0; i--) {
                ready.addFirst(left.get(i));
            }
        }
        if (!records.isEmpty()) {
            journal.append(records);
        }
        for (TrialRecord record : records) {
            executed++;
            executedSeconds += record.seconds();
            secondsByRung.merge(record.rung(), record.seconds(), (old, now) -> old + FORGETTING * (now - old));
            tracking.ended(
                    record,
                    planner.configuration(record.trial() / spec.replicates()).values());
            finish(record);
        }
    }

    /** A trial whose task ended without a record: its process is gone, or Spark could not run it. */
    private void lost(TrialRequest request, Execution.Event event, List<TrialRecord> records) {
        String message = String.valueOf(event.failure().getMessage());
        LOG.info("Trial {} ended without a record", request.trial(), event.failure());
        if (message.contains("SparkContext") && message.contains("shut down")) {
            throw new IllegalStateException("Spark was stopped", event.failure());
        }
        boolean executor =
                message.contains("ExecutorLost") || message.contains("executor") || message.contains("Executor");
        int times = losses.merge(id(request.trial(), request.rung()), 1, Integer::sum);
        if (executor && times <= spec.execution().retries()) {
            again.add(request);
        } else if (executor) {
            records.add(TaskExecution.lost(request, spec.execution().retries()));
        } else {
            String reason = message.lines().findFirst().orElse("");
            records.add(TrialRecord.failure(request, TrialStatus.FAILED, reason, 0, System.currentTimeMillis(), ""));
        }
    }

    /** Takes a record into the results, and tells the planner when it is the last of its step. */
    private void finish(TrialRecord record) {
        int step = stepOfTrial.remove(id(record.trial(), record.rung()));
        results.add(step, record).ifPresent(measured -> planner.result(step, measured));
    }

    private static String id(int trial, int rung) {
        return trial + "/" + rung;
    }
}

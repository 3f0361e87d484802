package org.coinflip.spark.sweep;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.coinflip.spark.preflight.Slots;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialRequest;
import org.coinflip.spark.sweep.trial.TrialRunner;
import org.coinflip.spark.sweep.trial.TrialStatus;
import scala.collection.JavaConverters;
import scala.concurrent.ExecutionContext;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/** Bundles as Spark jobs of one task, many at once. */
final class TaskExecution implements Execution {
    /** Bundles queued for every slot beside the one that runs, so that no slot waits for the driver. */
    private static final int AHEAD = 2;

    private static final long MOST_NANOS_AT_THE_END = 5_000_000_000L;
    private static final long LOOK_MILLIS = 10;

    private static final Executor SAME_THREAD = Runnable::run;

    private final JavaSparkContext spark;
    private final Broadcast<TrialRunner> runner;
    private final ExecutionSpec spec;
    private final BlockingQueue<Event> events;
    private final List<SimpleFutureAction<BoxedUnit>> underWay = new ArrayList<>();

    TaskExecution(JavaSparkContext spark, TrialRunner runner, ExecutionSpec spec, BlockingQueue<Event> events) {
        this.spark = spark;
        this.runner = spark.broadcast(runner);
        this.spec = spec;
        this.events = events;
    }

    @Override
    public int capacity() {
        return AHEAD * Slots.of(spark);
    }

    @Override
    public boolean bundles() {
        return true;
    }

    @Override
    public void submit(List<TrialRequest> bundle) {
        JavaRDD<TrialRequest> rdd = spark.parallelize(new ArrayList<>(bundle), 1);
        List<TrialRecord> records = new ArrayList<>();
        spark.setJobDescription("trial " + bundle.get(0).trial() + ", rung "
                + bundle.get(0).rung() + (bundle.size() == 1 ? "" : ", and " + (bundle.size() - 1) + " more"));
        SimpleFutureAction<BoxedUnit> action = spark.sc()
                .submitJob(
                        rdd.rdd(),
                        new Run(runner, 2 * spec.taskSeconds(), spec.retries()),
                        JavaConverters.asScalaBuffer(List.<Object>of(0)).toSeq(),
                        new Take(records),
                        new Nothing());
        underWay.add(action);
        underWay.removeIf(SimpleFutureAction::isCompleted);
        action.onComplete(new Tell(bundle, records, events), ExecutionContext.fromExecutor(SAME_THREAD));
    }

    @Override
    public void close() {
        // where the sweep failed bundles are still queued, and those cannot do without it
        underWay.forEach(SimpleFutureAction::cancel);
        long end = System.nanoTime() + MOST_NANOS_AT_THE_END;
        try {
            while (!underWay.stream().allMatch(SimpleFutureAction::isCompleted) && System.nanoTime() < end) {
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        runner.destroy();
    }

    /** The record of a trial that was lost with its process too often. */
    static TrialRecord lost(TrialRequest request, int retries) {
        String reason = "the process that it ran in ended, " + (retries + 1) + " times";
        return TrialRecord.failure(request, TrialStatus.LOST_EXECUTOR, reason, 0, System.currentTimeMillis(), "");
    }

    /** On an executor: trials one after another; those that are not begun in time are left for another task. */
    private static final class Run extends AbstractFunction1<scala.collection.Iterator<TrialRequest>, ArrayList<String>>
            implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Broadcast<TrialRunner> runner;
        private final double seconds;
        private final int retries;

        Run(Broadcast<TrialRunner> runner, double seconds, int retries) {
            this.runner = runner;
            this.seconds = seconds;
            this.retries = retries;
        }

        @Override
        public ArrayList<String> apply(scala.collection.Iterator<TrialRequest> requests) {
            long began = System.nanoTime();
            ArrayList<String> lines = new ArrayList<>();
            while (requests.hasNext()) {
                TrialRequest request = requests.next();
                // Spark tries again by itself what was lost for a reason that it does not blame on the task
                boolean again = TaskContext.get().attemptNumber() > retries;
                lines.add((again ? lost(request, retries) : runner.value().run(request)).line());
                if ((System.nanoTime() - began) / 1e9 > seconds) {
                    break;
                }
            }
            return lines;
        }
    }

    private static final class Take extends AbstractFunction2<Object, ArrayList<String>, BoxedUnit> {
        private final List<TrialRecord> records;

        Take(List<TrialRecord> records) {
            this.records = records;
        }

        @Override
        public BoxedUnit apply(Object partition, ArrayList<String> lines) {
            for (String line : lines) {
                records.add(TrialRecord.ofTask(line));
            }
            return BoxedUnit.UNIT;
        }
    }

    private static final class Nothing extends AbstractFunction0<BoxedUnit> {
        @Override
        public BoxedUnit apply() {
            return BoxedUnit.UNIT;
        }
    }

    private static final class Tell extends AbstractFunction1<Try<BoxedUnit>, BoxedUnit> {
        private final List<TrialRequest> bundle;
        private final List<TrialRecord> records;
        private final BlockingQueue<Event> events;

        Tell(List<TrialRequest> bundle, List<TrialRecord> records, BlockingQueue<Event> events) {
            this.bundle = bundle;
            this.records = records;
            this.events = events;
        }

        @Override
        public BoxedUnit apply(Try<BoxedUnit> end) {
            Throwable failure = end.isFailure() ? end.failed().get() : null;
            events.add(new Event(bundle, failure == null ? records : List.of(), failure));
            return BoxedUnit.UNIT;
        }
    }
}

package org.coinflip.spark.train;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import scala.collection.JavaConverters;
import scala.concurrent.Await;
import scala.concurrent.duration.Duration;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** A job of Spark's that computes blocks of a round; their results are taken while others are computed. */
final class RoundJob {
    /** A block's result and when it came. */
    record Arrival(int block, BlockResult result, long nanos) {}

    private static final long LOOK_MILLIS = 50;

    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final SimpleFutureAction<BoxedUnit> job;
    private int outstanding;

    RoundJob(JavaSparkContext spark, Shards shards, BlockTask task, List<Integer> blocks) {
        outstanding = blocks.size();
        job = spark.sc()
                .submitJob(
                        shards.rdd().rdd(),
                        task,
                        JavaConverters.asScalaBuffer(
                                        blocks.stream().map(b -> (Object) b).toList())
                                .toSeq(),
                        new AbstractFunction2<Object, BlockResult, BoxedUnit>() {
                            @Override
                            public BoxedUnit apply(Object place, BlockResult result) {
                                // Spark says which of the blocks asked for it is, not which block
                                arrivals.add(new Arrival(blocks.get((Integer) place), result, System.nanoTime()));
                                return BoxedUnit.UNIT;
                            }
                        },
                        new AbstractFunction0<BoxedUnit>() {
                            @Override
                            public BoxedUnit apply() {
                                return BoxedUnit.UNIT;
                            }
                        });
    }

    /** Whether results are still to come or to be taken. */
    boolean hasNext() {
        return outstanding > 0;
    }

    /** A result that is there; null where none is. */
    Arrival poll() {
        Arrival arrival = arrivals.poll();
        outstanding -= arrival == null ? 0 : 1;
        return arrival;
    }

    /**
     * Waits for a result.
     *
     * @throws RuntimeException what failed the job
     */
    Arrival next() {
        try {
            while (true) {
                Arrival arrival = arrivals.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (arrival != null) {
                    outstanding--;
                    return arrival;
                }
                if (job.isCompleted() && arrivals.isEmpty()) {
                    Await.result(job, Duration.Inf());
                    throw new IllegalStateException("Spark's job ended without all results");
                }
            }
        } catch (TimeoutException e) {
            throw new IllegalStateException("a job that has ended gives its result at once", e);
        } catch (InterruptedException e) {
            job.cancel();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in a round", e);
        }
    }
}

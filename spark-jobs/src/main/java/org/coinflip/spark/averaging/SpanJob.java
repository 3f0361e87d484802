package org.coinflip.spark.averaging;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.spark.shard.Shards;
import scala.collection.JavaConverters;
import scala.concurrent.Await;
import scala.concurrent.duration.Duration;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** The Spark job of a span, submitted asynchronously, with the results of its tasks. */
final class SpanJob {
    private final List<SpanEnd> ends = new ArrayList<>();
    private final SimpleFutureAction<BoxedUnit> job;

    private final int tasks;

    /**
     * @param shards a partition for each task
     * @param news called when a task has ended, in a thread of Spark's
     */
    SpanJob(JavaSparkContext spark, JavaRDD<Shards.Shard> shards, SpanTask task, Runnable news) {
        tasks = shards.getNumPartitions();
        List<Object> partitions =
                IntStream.range(0, tasks).mapToObj(p -> (Object) p).toList();
        job = spark.sc()
                .submitJob(
                        shards.rdd(),
                        task,
                        JavaConverters.asScalaBuffer(partitions).toSeq(),
                        new AbstractFunction2<Object, SpanEnd, BoxedUnit>() {
                            @Override
                            public BoxedUnit apply(Object place, SpanEnd end) {
                                synchronized (ends) {
                                    ends.add(end);
                                }
                                news.run();
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

    /**
     * What its tasks left; nothing where some still run.
     *
     * @throws SpanBroken where Spark failed it
     */
    List<SpanEnd> ends() {
        synchronized (ends) {
            if (ends.size() == tasks) {
                return List.copyOf(ends);
            }
        }
        if (job.isCompleted()) {
            requireSuccess();
        }
        return List.of();
    }

    private void requireSuccess() {
        try {
            Await.result(job, Duration.Inf());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in a round", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("a job that has ended gives its result at once", e);
        } catch (Exception e) {
            // Scala does not declare what fails a job
            throw new SpanBroken(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
        }
    }

    void cancel() {
        job.cancel();
    }
}

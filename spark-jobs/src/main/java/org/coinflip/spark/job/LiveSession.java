package org.coinflip.spark.job;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Spark while a job of ours needs it. Where that failed, some tasks may still run: they are told to end and given some seconds, for tasks that
 * report to a Spark that is shutting down leave stack traces on the terminal, in which the one line that matters is lost.
 */
record LiveSession(SparkSession spark) implements AutoCloseable {
    private static final long MOST_NANOS = 5_000_000_000L;
    private static final long LOOK_MILLIS = 20;

    JavaSparkContext context() {
        return JavaSparkContext.fromSparkContext(spark.sparkContext());
    }

    @Override
    public void close() {
        if (!spark.sparkContext().isStopped()) {
            spark.sparkContext().cancelAllJobs();
            long end = System.nanoTime() + MOST_NANOS;
            try {
                while (isBusy() && System.nanoTime() < end) {
                    Thread.sleep(LOOK_MILLIS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        spark.stop();
    }

    /** Whether a stage is under way, or tasks of one that has ended are. */
    private boolean isBusy() {
        return spark.sparkContext().statusTracker().getActiveJobIds().length > 0
                || java.util.Arrays.stream(spark.sparkContext().statusTracker().getExecutorInfos())
                        .anyMatch(executor -> executor.numRunningTasks() > 0);
    }
}

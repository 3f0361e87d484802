package org.coinflip.spark.train;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a round's time went, seen from a task slot: the parts add up to the whole.
 *
 * @param broadcastNanos the state on its way from the driver into the workers' memory
 * @param computeNanos in steps
 * @param combineNanos copying results out, checking and merging them, in tasks and after the last of them on the driver
 * @param driverNanos what no slot computes in: Spark's launching of tasks, results on their way, all else on the driver
 * @param idleNanos slots that wait for others
 */
record RoundTimes(long broadcastNanos, long computeNanos, long combineNanos, long driverNanos, long idleNanos) {
    /** A round that nothing but steps was told of. */
    static RoundTimes ofSteps(long stepNanos, long wallNanos, int lanes) {
        long compute = Math.min(wallNanos, stepNanos / lanes);
        return new RoundTimes(0, compute, 0, wallNanos - compute, 0);
    }

    /**
     * A round of tasks.
     *
     * @param wallNanos from the round's begin to its end, on the driver
     * @param broadcastNanos of it on the driver, before the tasks
     * @param mergeNanos of it on the driver, after the last result came
     * @param delayNanos the least that a task's result came later than had the task run at once; with what follows the last
     *     result, the driver's part
     * @param tasks the sum over the tasks
     * @param lanes how many tasks run at once
     */
    static RoundTimes of(
            long wallNanos, long broadcastNanos, long mergeNanos, long delayNanos, WorkTimes tasks, int lanes) {
        long broadcast = broadcastNanos + tasks.loadNanos() / lanes;
        long compute = tasks.stepNanos() / lanes;
        long combine = mergeNanos + (tasks.taskNanos() - tasks.loadNanos() - tasks.stepNanos()) / lanes;
        long rest = Math.max(0, wallNanos - broadcast - compute - combine);
        long driver = Math.min(rest, delayNanos);
        return new RoundTimes(broadcast, compute, combine, driver, rest - driver);
    }

    long wallNanos() {
        return broadcastNanos + computeNanos + combineNanos + driverNanos + idleNanos;
    }

    /** As metrics have them. */
    Map<String, Object> millis() {
        Map<String, Object> phases = new LinkedHashMap<>();
        phases.put("broadcastMillis", broadcastNanos / 1e6);
        phases.put("computeMillis", computeNanos / 1e6);
        phases.put("combineMillis", combineNanos / 1e6);
        phases.put("driverMillis", driverNanos / 1e6);
        phases.put("idleMillis", idleNanos / 1e6);
        return phases;
    }
}

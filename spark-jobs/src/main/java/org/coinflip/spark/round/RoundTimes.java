package org.coinflip.spark.round;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a round's time went, as one task slot sees it. The parts add up to the round.
 *
 * @param broadcastNanos the state on its way into the workers' memory
 * @param computeNanos steps
 * @param combineNanos checking, copying out and merging, and slices on their way to who merges them
 * @param driverNanos the driver's part: before the first round of a span and after its last
 * @param idleNanos slots that wait for others
 */
public record RoundTimes(long broadcastNanos, long computeNanos, long combineNanos, long driverNanos, long idleNanos)
        implements Serializable {
    /** A round that nothing but steps was told of. */
    public static RoundTimes ofSteps(long stepNanos, long wallNanos, int lanes) {
        long compute = Math.min(wallNanos, stepNanos / lanes);
        return new RoundTimes(0, compute, 0, wallNanos - compute, 0);
    }

    /**
     * A round of tasks that wait for each other.
     *
     * @param wallNanos from the round's begin to its end
     * @param gatherNanos of it at its end, for the new state
     * @param tasks the sum over the tasks
     * @param busiestNanos the most time that one of them was at work before they met
     * @param lanes how many tasks there are
     */
    public static RoundTimes of(long wallNanos, long gatherNanos, WorkTimes tasks, long busiestNanos, int lanes) {
        long broadcast = gatherNanos + tasks.loadNanos() / lanes;
        long compute = tasks.stepNanos() / lanes;
        long idle = Math.max(0, busiestNanos - tasks.taskNanos() / lanes);
        long combine = Math.max(0, wallNanos - broadcast - compute - idle);
        return new RoundTimes(broadcast, compute, combine, 0, idle);
    }

    /** The same with more time on the driver. */
    RoundTimes withDriver(long nanos) {
        return new RoundTimes(broadcastNanos, computeNanos, combineNanos, driverNanos + nanos, idleNanos);
    }

    public long wallNanos() {
        return broadcastNanos + computeNanos + combineNanos + driverNanos + idleNanos;
    }

    /** As metrics have them. */
    public Map<String, Object> millis() {
        Map<String, Object> phases = new LinkedHashMap<>();
        phases.put("broadcastMillis", broadcastNanos / 1e6);
        phases.put("computeMillis", computeNanos / 1e6);
        phases.put("combineMillis", combineNanos / 1e6);
        phases.put("driverMillis", driverNanos / 1e6);
        phases.put("idleMillis", idleNanos / 1e6);
        return phases;
    }
}

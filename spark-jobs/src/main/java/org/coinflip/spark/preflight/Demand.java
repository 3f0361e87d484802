package org.coinflip.spark.preflight;

import org.coinflip.model.kernel.KernelChoice;

/**
 * What a training wants of a cluster.
 *
 * @param workers logical workers
 * @param stateBytes bytes of a state: parameters, statistics, the updater's memory
 * @param workspaceBytes bytes that a worker's steps need besides
 * @param keptBytes bytes that are kept of all examples from round to round
 * @param kernels what every executor computes with
 */
public record Demand(int workers, long stateBytes, long workspaceBytes, long keptBytes, KernelChoice kernels) {
    /** Native libraries and the JVM's own, outside the heap; seen with MKL on Linux. */
    private static final long LIBRARIES = 600L << 20;

    /** Workers that one task computes one after another. */
    int workersPerTask(int slots) {
        return (workers + slots - 1) / slots;
    }

    /**
     * Bytes outside the heap of an executor: a round's first state; for each task a learner (state, gradient and workspace), its
     * result, and results that wait to be merged along the tree; its part of what is kept of examples, of this round, the one before, and
     * the one whose memory comes next.
     */
    long executorBytes(int tasks, int slots) {
        int levels = 32 - Integer.numberOfLeadingZeros(Math.max(1, workersPerTask(slots) - 1));
        long kept = 3 * keptBytes * tasks / Math.max(tasks, slots);
        return LIBRARIES + stateBytes + tasks * (workspaceBytes + stateBytes * (4 + levels)) + kept;
    }
}

package org.coinflip.spark.preflight;

import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.spark.experiment.Experiment;

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

    /** Matrices of batch × units that a pass has for a layer at most: outputs, gradients, what its step is taken with. */
    private static final long MATRICES_A_LAYER = 9;

    /** Of a training of this engine on so many examples. */
    public static Demand of(Network network, Experiment experiment, int examples, KernelChoice kernels) {
        TrainingSpec training = experiment.training();
        long stateBytes = (long) Learner.layout(network, training).length() * Float.BYTES;
        long workspaceBytes = MATRICES_A_LAYER * training.batch() * network.computedUnits() * Float.BYTES;
        long keptBytes = (long) network.spec().top().keptPerExample() * examples * Float.BYTES;
        return new Demand(experiment.averaging().workers(), stateBytes, workspaceBytes, keptBytes, kernels);
    }

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

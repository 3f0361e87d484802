package org.coinflip.model.training;

import org.coinflip.model.noise.Permutation;

/** The order in which a worker takes its examples in an epoch: a function of (seed, epoch, worker), cut into batches. */
public final class WorkerOrder {
    private final Permutation order;
    private final int batch;

    /** @param size examples that the worker owns */
    public WorkerOrder(long seed, int epoch, int worker, int size, int batch) {
        this.order = new Permutation(seed, epoch, worker, size);
        this.batch = batch;
    }

    /**
     * Finds the examples of a step.
     *
     * @param step counted from the epoch's start
     * @param places out: their places among the worker's examples; length at least a batch
     * @return how many they are, 0 after the epoch's last
     */
    public int places(int step, int[] places) {
        int from = (int) Math.min(order.size(), (long) step * batch);
        int count = Math.min(batch, order.size() - from);
        for (int i = 0; i < count; i++) {
            places[i] = order.at(from + i);
        }
        return count;
    }
}

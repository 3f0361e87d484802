package org.coinflip.model.layer.normalisation;

import org.coinflip.model.layer.Binding;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.State;

/** The moments of the batches before that a {@link BatchNormLayer} is used with, as its state has them. */
public final class RunningStatistics {
    private final double momentum;
    private final Floats means;
    private final Floats squares;
    private final Floats weight;

    RunningStatistics(BatchNormLayer layer, Binding binding) {
        this(layer, binding.state(), binding.index());
    }

    /** @param index the layer's number */
    public RunningStatistics(BatchNormLayer layer, State state, int index) {
        momentum = layer.momentum();
        means = state.view(Binding.segment(index, BatchNormLayer.MEANS));
        squares = state.view(Binding.segment(index, BatchNormLayer.SQUARES));
        weight = state.view(Binding.segment(index, BatchNormLayer.WEIGHT));
    }

    /** m; 0 before any batch. */
    public double mean(int channel) {
        return mean(means, weight, channel);
    }

    /** A sum's part of what was summed up weighs; 0 before any batch. */
    static double mean(Floats sums, Floats weight, int place) {
        double all = weight.get(0);
        return all == 0 ? 0 : sums.get(place) / all;
    }

    /** v; 1 before any batch. */
    public double variance(int channel) {
        double all = weight.get(0);
        double mean = mean(channel);
        return all == 0 ? 1 : Math.max(0, squares.get(channel) / all - mean * mean);
    }

    /**
     * Takes in a batch.
     *
     * @param ofBatch what its rows weigh together
     * @param batchVariances divisor their number
     */
    void take(double ofBatch, double[] batchMeans, double[] batchVariances) {
        double fresh = (1 - momentum) * ofBatch;
        for (int c = 0; c < batchMeans.length; c++) {
            double mean = batchMeans[c];
            means.set(c, (float) (momentum * means.get(c) + fresh * mean));
            squares.set(c, (float) (momentum * squares.get(c) + fresh * (batchVariances[c] + mean * mean)));
        }
        weight.set(0, (float) (momentum * weight.get(0) + fresh));
    }
}

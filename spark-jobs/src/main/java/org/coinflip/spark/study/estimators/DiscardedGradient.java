package org.coinflip.spark.study.estimators;

import org.coinflip.model.layer.Sink;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.network.Network;

/** Takes gradients of parameters and leaves the parameters alone. */
final class DiscardedGradient implements Sink {
    private final Floats gradient;

    DiscardedGradient(Network network) {
        gradient = Floats.allocate(network.layout().parameters());
    }

    @Override
    public Floats target() {
        return gradient;
    }

    @Override
    public float carry(Segment segment) {
        return 0f;
    }

    @Override
    public float scale(Segment segment, int examples) {
        return 1f / examples;
    }
}

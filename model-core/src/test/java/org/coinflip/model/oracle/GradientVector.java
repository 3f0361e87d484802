package org.coinflip.model.oracle;

import org.coinflip.model.layer.Sink;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.network.Network;

/** The plain gradient of a batch's mean loss. */
public final class GradientVector implements Sink {
    private final Floats gradient;

    public GradientVector(Network network) {
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

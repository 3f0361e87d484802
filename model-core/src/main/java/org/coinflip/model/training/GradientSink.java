package org.coinflip.model.training;

import org.coinflip.model.layer.Sink;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Layout;
import org.coinflip.model.memory.Segment;

/** Takes the gradient of a batch's mean loss by the parameters, and no step. */
public final class GradientSink implements Sink {
    private final Floats gradient;

    /** @param layout of the states that passes with this sink are bound to */
    public GradientSink(Layout layout) {
        gradient = Floats.allocate(layout.parameters());
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

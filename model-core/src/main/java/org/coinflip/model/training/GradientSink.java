package org.coinflip.model.training;

import org.coinflip.model.layer.Sink;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;

/** Takes the gradient of a batch's mean loss, and no step. */
final class GradientSink implements Sink {
    private final Floats gradient;

    /** @param state that passes with this sink are bound to */
    GradientSink(State state) {
        gradient = Floats.allocate(state.parameters().length());
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

package org.coinflip.model.training;

import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Layout;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;

/**
 * Draws of the gradient of a batch's mean loss by a network's parameters, as its estimators give it; nothing is learned from them. The noise is that of epochs
 * that training does not reach, and the same for all networks that are asked for the same draws.
 */
final class GradientDraws {
    /** The first of draws that have no noise in common with those from 0 on. */
    static final int APART = 1 << 24;

    private final State given;
    private final State state;
    private final GradientSink sink;
    private final Pass pass;

    /**
     * Draws under a state.
     *
     * @param given with the network's segments, and perhaps others; must stay as it is while there are draws
     * @param capacity the most examples of a batch
     */
    GradientDraws(Network network, State given, Backend backend, int capacity) {
        this.given = given;
        this.state = new State(given.layout());
        state.set(given);
        this.sink = new GradientSink(given.layout());
        this.pass = network.bind(state, sink, backend, capacity);
    }

    /** Where the gradient's numbers are. */
    Layout layout() {
        return given.layout();
    }

    /**
     * Takes a batch.
     *
     * @param progress part of the training that is done, for laws that anneal
     */
    void load(Examples examples, int[] places, int count, double progress) {
        pass.load(examples, places, count);
        pass.context().setProgress(progress);
    }

    /** The gradient in one draw, overwritten by the next. */
    Floats draw(long seed, int epoch, int draw) {
        sink.target().clear();
        pass.context().setNoise(Mode.TRAIN, seed, epoch, draw);
        pass.forward();
        pass.backward();
        pass.accumulate();
        // what the estimators have learned
        state.set(given);
        return sink.target();
    }
}

package org.coinflip.model.layer.normalisation;

import static org.coinflip.model.layer.normalisation.NormalisationTest.learn;
import static org.coinflip.model.layer.normalisation.NormalisationTest.shifted;

import java.util.List;
import org.coinflip.model.example.Examples;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Networks;

/**
 * States after three batches of two workers, whose examples have other means, and of one that has seen both workers' batches as one.
 *
 * @param first of the worker whose examples' mean is 1
 * @param second of the one whose is 4
 */
record Workers(State first, State second, State union) {
    Workers(Network network) {
        this(Networks.state(network, 7, 0.7), Networks.state(network, 7, 0.7), Networks.state(network, 7, 0.7));
        Examples all = Examples.concatenate(List.of(shifted(12, 1, 3), shifted(12, 4, 5)));
        for (int batch = 0; batch < 3; batch++) {
            int at = 4 * batch;
            learn(network, first, all, at, at + 1, at + 2, at + 3);
            learn(network, second, all, 12 + at, 13 + at, 14 + at, 15 + at);
            learn(network, union, all, at, at + 1, at + 2, at + 3, 12 + at, 13 + at, 14 + at, 15 + at);
        }
    }

    /** The two workers' states averaged as their vectors are. */
    State average() {
        State average = Networks.copy(first);
        for (int i = 0; i < average.values().length(); i++) {
            average.values().set(i, (first.values().get(i) + second.values().get(i)) / 2);
        }
        return average;
    }
}

package org.coinflip.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Portable arithmetic gives these bits on every processor, with every library on the path, vectors of every length and none. A change here
 * is a change of everybody's results: it goes into the CHANGELOG.
 */
class PortableTrainingTest {
    private static final Map<String, String> GOLDEN = Map.of(
            "bernoulli", "",
            "categorical", "",
            "gated", "",
            "transformed", "",
            "energy", "");

    @ParameterizedTest
    @ValueSource(strings = {"bernoulli", "categorical", "gated", "transformed", "energy"})
    void parametersAreTheSameEverywhere(String family) {
        assertEquals(GOLDEN.get(family), PortableTraining.sha256(family));
    }
}

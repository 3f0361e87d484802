package org.coinflip.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Portable arithmetic gives these bits on every processor, with every library on the path, vectors of every length and none. A change here
 * is a change of everybody's results: it goes into the CHANGELOG.
 */
@Tag("numerical")
class PortableTrainingTest {
    private static final Map<String, String> GOLDEN = Map.of(
            "bernoulli", "c123dbde1ef06106146ef75dd0f86ae025aae045e50092d3fdcbc944288d25e4",
            "categorical", "3acab7ca948246ffc1dc84479046f61cf1b881aeb60090bd11b8ba4ac3e44e29",
            "gated", "47eecac1c25d97063f8de65f7a011d65dd558e1a935e6150dab11db8d6a0d28b",
            "blocks", "47f771f8ab8bd47ebb38038d5d3974ef0b9bf83f4d61969273dfaf8970fe969b",
            "tree", "07b1a9bfc63380ca8a080b1a8ae3196450254045a4c0f2a04b434817a0d46349",
            "transformed", "3db6afc3dc1d190253972b71d873b9cd82222c3114d53267a13bd92d8fabc0f6",
            "energy", "8c49518bae8aa0675f98d553b7be25d2a50a475fcc01eee4d9beb724af5e2da0");

    @ParameterizedTest
    @ValueSource(strings = {"bernoulli", "categorical", "gated", "blocks", "tree", "transformed", "energy"})
    void parametersAreTheSameEverywhere(String family) {
        assertEquals(GOLDEN.get(family), PortableTraining.sha256(family));
    }
}

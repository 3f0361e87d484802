package org.coinflip.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("numerical")
class SettlingTest {
    private static final int COUNT = 40;
    private static final Examples EXAMPLES = Networks.random(COUNT, 6, 3, 5);

    private static Network network(String objective, int steps) {
        return Networks.of(
                6,
                "{ type = energy, hidden = [8, 7], units = 3, rho = tanh, step = 0.3, objective = " + objective
                        + ", steps = " + steps + " }");
    }

    private static State state(Network network) {
        return Networks.state(network, 2, 0.5);
    }

    private static Settling settling(Network network) {
        return Settling.measure(network, state(network), EXAMPLES, COUNT, Backend.detect(), 1)
                .orElseThrow();
    }

    private static int[] classes(Network network) {
        Pass pass = network.bind(state(network), null, Backend.detect(), COUNT);
        pass.load(EXAMPLES, Networks.places(COUNT), COUNT);
        pass.context().setNoise(Mode.MEANS, 1, 0, 0);
        pass.forward();
        Matrix outputs = pass.output();
        int[] classes = new int[COUNT];
        for (int r = 0; r < COUNT; r++) {
            for (int j = 0; j < 3; j++) {
                if (outputs.get(r, j) > outputs.get(r, classes[r])) {
                    classes[r] = j;
                }
            }
        }
        return classes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"squared-error", "cross-entropy"})
    void classesThatChangeAreThoseOfANetworkWithMoreSteps(String objective) {
        int[] early = classes(network(objective, 3));
        int[] late = classes(network(objective, 3 * Settling.LONGER));
        int changed = 0;
        for (int r = 0; r < COUNT; r++) {
            changed += early[r] == late[r] ? 0 : 1;
        }
        assertTrue(changed > 0 && changed < COUNT, "else the test shows nothing: " + changed);
        assertEquals((double) changed / COUNT, settling(network(objective, 3)).changed());
    }

    @Test
    void residualsVanishAndTheEnergyFallsAsItSettles() {
        Settling early = settling(network("squared-error", 3));
        Settling late = settling(network("squared-error", 400));
        assertTrue(early.residual() > 0.01, "residual " + early.residual());
        // a force is the sum of a unit's state and of what at most 6 + 7 or 8 + 3 others send, of less than 10 in all
        assertTrue(late.residual() < Rounding.of(14 + Rounding.FUNCTION, 10), "residual " + late.residual());
        assertTrue(late.energy() < early.energy());
        assertEquals(0, late.changed());
        assertEquals(8 + 7 + 3, late.units());
    }

    @Test
    void otherNetworksHaveNothingToSettle() {
        Network network = Networks.of(6, "{ type = output, units = 3 }");
        assertEquals(
                Optional.empty(),
                Settling.measure(network, Networks.state(network, 1, 1), EXAMPLES, COUNT, Backend.detect(), 1));
    }
}

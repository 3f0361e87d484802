package org.coinflip.model.estimator.pathwise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.stream.Stream;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Count units below a network, held to enumeration. A comparison errs with a probability of 7e-6. */
@Tag("numerical")
@Tag("statistical")
class FiniTest {
    private static final float[] INPUT = {0.8f, -1.1f, 0.4f};
    private static final String[] LAWS = {
        "poisson", "{ type = binomial, trials = 3 }", "{ type = negative-binomial, failures = 2 }"
    };

    private static String counts(String law, String estimator) {
        return "{ type = stochastic, units = 2, law = " + law + ", estimator = " + estimator + " }";
    }

    private static Draw draw(Network network, State state) {
        return Draw.gradients(network, state, Networks.copies(64, 2, 1, INPUT), 800);
    }

    static Stream<String> exactForQuadratics() {
        return Stream.of(LAWS)
                .flatMap(law -> Stream.of("fini", "{ type = fini, degree = 3 }").map(e -> counts(law, e)));
    }

    @ParameterizedTest
    @MethodSource("exactForQuadratics")
    void isUnbiasedForQuadraticLosses(String layer) {
        Network network = Networks.of(3, layer, "{ type = output, units = 2, objective = squared-error }");
        State state = Networks.state(network, 7, 0.6);
        draw(network, state).assertAgrees(new Enumeration(network, state, 1, INPUT).gradient(), layer);
    }

    static Stream<String> fromTheLossAlone() {
        return Stream.of(LAWS).flatMap(law -> Stream.of("reinforce", "rloo", "{ type = reinforce, baseline = none }")
                .map(e -> counts(law, e)));
    }

    @ParameterizedTest
    @MethodSource("fromTheLossAlone")
    void estimatorsFromTheLossAreUnbiasedForEveryLoss(String layer) {
        Network network =
                Networks.of(3, layer, "{ type = dense, units = 3, activation = tanh }", "{ type = output, units = 2 }");
        State state = Networks.state(network, 7, 0.6);
        draw(network, state).assertAgrees(new Enumeration(network, state, 1, INPUT).gradient(), layer);
    }

    @Test
    void isBiasedBelowANetworkOfHigherDegree() {
        Network network = Networks.of(
                3,
                counts("poisson", "fini"),
                "{ type = dense, units = 3, activation = tanh }",
                "{ type = output, units = 2 }");
        State state = Networks.state(network, 7, 0.6);
        Floats steep = state.view("layer1.weights");
        for (int i = 0; i < steep.length(); i++) {
            steep.set(i, 5 * steep.get(i));
        }
        double[] exact = new Enumeration(network, state, 1, INPUT).gradient();
        Draw draw = draw(network, state);
        boolean unbiased = true;
        for (int i = 0; i < exact.length; i++) {
            unbiased &= draw.agrees(i, exact[i]);
        }
        assertFalse(unbiased, "the bias must be there");
    }

    /** Fini of degree 2 for bits is the ½-estimator, to the bit. */
    @ParameterizedTest
    @ValueSource(ints = {1, 9})
    void ofABitIsTheHalfEstimator(int seed) {
        float[][] gradients = new float[2][];
        for (int i = 0; i < 2; i++) {
            Network network =
                    Networks.of(3, counts("bernoulli", i == 0 ? "fini" : "half"), "{ type = output, units = 2 }");
            State state = Networks.state(network, seed, 1);
            Draw draw = Draw.gradients(network, state, Networks.copies(64, 2, 1, INPUT), 3);
            gradients[i] = new float[network.layout().parameters()];
            for (int j = 0; j < gradients[i].length; j++) {
                gradients[i][j] = (float) draw.mean(j);
            }
        }
        assertArrayEquals(gradients[0], gradients[1]);
    }
}

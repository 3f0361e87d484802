package org.coinflip.model.estimator.pathwise;

import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forward gradients have the mean of the estimator whose slope they stand for. A comparison errs with a probability of 7e-6. */
@Tag("numerical")
@Tag("statistical")
class ForwardGradientTest {
    private static final float[] INPUT = {0.8f, -1.1f, 0.4f};

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bernoulli | forward-gradient",
                "bernoulli | { type = forward-gradient, directions = 5, size = 0.5 }",
                "{ type = categorical, categories = 3 } | { type = forward-gradient, directions = 2 }"
            })
    void isUnbiasedForQuadraticLosses(String law, String estimator) {
        Network network = Networks.of(
                3,
                "{ type = stochastic, units = 6, law = " + law + ", estimator = " + estimator + " }",
                "{ type = output, units = 3, objective = squared-error }");
        State state = Networks.state(network, 12, 1);
        Draw.gradients(network, state, Networks.copies(64, 3, 1, INPUT), 1500)
                .assertAgrees(new Enumeration(network, state, 1, INPUT).gradient(), estimator);
    }
}

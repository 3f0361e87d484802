package org.coinflip.model.layer.stochastic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.DoubleBinaryOperator;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where units give their means, a prior costs the divergence of q from p: by its closed forms. */
@Tag("numerical")
class PriorTest {
    private static final float[] INPUT = {0.8f, -1.1f, 0.4f};
    private static final int UNITS = 6;

    private static double sigmoid(double a) {
        return 1 / (1 + Math.exp(-a));
    }

    /** Of bits, and of n of them: Σ p log(p/q). */
    private static double ofBits(double a, double theta) {
        double p = sigmoid(a);
        double q = sigmoid(theta);
        return p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
    }

    private static void holdTo(String law, String prior, DoubleBinaryOperator divergence) {
        Network network = Networks.of(
                3,
                "{ type = stochastic, units = " + UNITS + ", law " + law + ", prior " + prior + " }",
                "{ type = output, units = 3, objective = gaussian-reconstruction }");
        State state = Networks.state(network, 3, 0.8);
        Pass pass = network.bind(state, null, Backend.detect(), 2);
        pass.load(Networks.copies(2, 3, 1, INPUT), Networks.places(2), 2);
        pass.context().setNoise(Mode.MEANS, 1, 0, 0);
        pass.forward();
        double expected = 0;
        double scale = 1;
        for (int j = 0; j < UNITS; j++) {
            double a = state.view("layer0.biases").get(j);
            for (int i = 0; i < 3; i++) {
                a += INPUT[i] * state.matrix("layer0.weights").get(i, j);
            }
            double theta =
                    prior.contains("learned") ? state.view("layer0.prior").get(j) : -0.7;
            expected += divergence.applyAsDouble(a, theta);
            // what is added and taken away
            scale += 10 * (Math.abs(a) + Math.abs(theta) + Math.exp(Math.max(a, theta)));
        }
        assertEquals(expected, pass.context().losses()[0], Rounding.of(20, scale), law + prior);
    }

    @Test
    void costsTheDivergenceOfCounts() {
        DoubleBinaryOperator poisson = (a, theta) -> Math.exp(a) * (a - theta) - Math.exp(a) + Math.exp(theta);
        holdTo("= poisson", "= learned", poisson);
        holdTo("= poisson", "{ type = standard, logit = -0.7 }", poisson);
        holdTo("{ type = binomial, trials = 5 }", "= learned", (a, theta) -> 5 * ofBits(a, theta));
        // of r: the mean number of successes before each failure times that of a bit
        DoubleBinaryOperator negative = (a, theta) -> 2.5 * ofBits(a, theta) / (1 - sigmoid(a));
        holdTo("{ type = negative-binomial, failures = 2.5 }", "= learned", negative);
        holdTo("{ type = negative-binomial, failures = 2.5 }", "{ type = standard, logit = -0.7 }", negative);
    }

    /** Of two categories: that of a bit whose logit is the difference. */
    @Test
    void costsTheDivergenceOfCategories() {
        Network network = Networks.of(
                3,
                "{ type = stochastic, units = 6, law { type = categorical, categories = 2 }, prior = learned }",
                "{ type = output, units = 3, objective = gaussian-reconstruction }");
        State state = Networks.state(network, 3, 0.8);
        Pass pass = network.bind(state, null, Backend.detect(), 2);
        pass.load(Networks.copies(2, 3, 1, INPUT), Networks.places(2), 2);
        pass.context().setNoise(Mode.MEANS, 1, 0, 0);
        pass.forward();
        double expected = 0;
        for (int u = 0; u < UNITS; u += 2) {
            double[] a = new double[2];
            for (int c = 0; c < 2; c++) {
                a[c] = state.view("layer0.biases").get(u + c);
                for (int i = 0; i < 3; i++) {
                    a[c] += INPUT[i] * state.matrix("layer0.weights").get(i, u + c);
                }
            }
            double theta = (double) state.view("layer0.prior").get(u)
                    - state.view("layer0.prior").get(u + 1);
            expected += ofBits(a[0] - a[1], theta);
        }
        assertEquals(expected, pass.context().losses()[0], Rounding.of(40, 20), "categories");
    }
}

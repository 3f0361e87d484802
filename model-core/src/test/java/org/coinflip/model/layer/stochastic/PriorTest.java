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

    /** Logits and those of the prior, and what the prior costs where units give their means. */
    private record Costed(double[] a, double[] theta, double cost) {
        static Costed of(String law, String prior) {
            Network network = Networks.of(
                    3,
                    "{ type = stochastic, units = " + UNITS + ", law " + law + ", prior " + prior + " }",
                    "{ type = output, units = 3, objective = gaussian-reconstruction }");
            State state = Networks.state(network, 3, 0.8);
            Pass pass = network.bind(state, null, Backend.detect(), 2);
            pass.load(Networks.copies(2, 3, 1, INPUT), Networks.places(2), 2);
            pass.context().setNoise(Mode.MEANS, 1, 0, 0);
            pass.forward();
            double[] a = new double[UNITS];
            double[] theta = new double[UNITS];
            for (int j = 0; j < UNITS; j++) {
                a[j] = state.view("layer0.biases").get(j);
                for (int i = 0; i < 3; i++) {
                    a[j] += INPUT[i] * state.matrix("layer0.weights").get(i, j);
                }
                theta[j] =
                        prior.contains("learned") ? state.view("layer0.prior").get(j) : -0.7;
            }
            return new Costed(a, theta, pass.context().losses()[0]);
        }
    }

    private static void holdTo(String law, String prior, DoubleBinaryOperator divergence) {
        Costed costed = Costed.of(law, prior);
        double expected = 0;
        double scale = 1;
        for (int j = 0; j < UNITS; j++) {
            double a = costed.a[j];
            double theta = costed.theta[j];
            expected += divergence.applyAsDouble(a, theta);
            // what is added and taken away
            scale += 10 * (Math.abs(a) + Math.abs(theta) + Math.exp(Math.max(a, theta)));
        }
        assertEquals(expected, costed.cost, Rounding.of(20, scale), law + prior);
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
        Costed costed = Costed.of("{ type = categorical, categories = 2 }", "= learned");
        double expected = 0;
        for (int u = 0; u < UNITS; u += 2) {
            expected += ofBits(costed.a[u] - costed.a[u + 1], costed.theta[u] - costed.theta[u + 1]);
        }
        assertEquals(expected, costed.cost, Rounding.of(40, 20), "categories");
    }
}

package org.coinflip.model.estimator;

import static org.coinflip.model.oracle.Enumeration.sigmoid;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Toy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Perturbed logits: the estimate's mean is a difference or a smoothed gradient of F(a) = E f(b). Errs with a probability of 7e-6. */
@Tag("numerical")
@Tag("statistical")
class PerturbationTest {
    private static void assertMean(Toy toy, double expected) {
        Draw draw = toy.draw(2000, g -> g);
        assertTrue(draw.agrees(0, expected), draw.mean(0) + " ± " + draw.standardError(0) + ", expected " + expected);
        assertFalse(draw.agrees(0, toy.exact()), "the bias must be there");
    }

    @ParameterizedTest
    @CsvSource({"0.4, 2, true", "0, 1.5, false", "-1, 2.5, true"})
    void nodePerturbationHasTheMeanOfTheSmoothedLoss(double a, double deviation, boolean twoSided) {
        double smoothed = 0;
        double width = 0.01;
        for (double x = -9; x <= 9; x += width) {
            double p = sigmoid(a + deviation * x);
            smoothed += width * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * p * (1 - p);
        }
        Toy toy =
                new Toy("{ type = node-perturbation, std = " + deviation + ", two-sided = " + twoSided + " }", a, 0.1);
        assertMean(toy, smoothed * toy.difference());
    }

    @ParameterizedTest
    @CsvSource({"0.4, 1.5", "0, 2", "-1, 2.5"})
    void spsaHasTheMeanOfTheCentralDifference(double a, double size) {
        Toy toy = new Toy("{ type = spsa, size = " + size + " }", a, 0.1);
        assertMean(toy, (sigmoid(a + size) - sigmoid(a - size)) / (2 * size) * toy.difference());
    }

    /** By summing over all signs, F by enumeration; a second stochastic layer above. */
    @Test
    void spsaOfALayerHasTheMeanOverAllSigns() {
        Network network = Networks.of(
                2,
                "{ type = stochastic, units = 3, estimator = { type = spsa, size = 0.8 } }",
                "{ type = stochastic, units = 2, estimator = disarm }",
                "{ type = output, units = 2 }");
        State state = Networks.state(network, 4, 1.1);
        double[] expected = new double[3];
        for (int signs = 0; signs < 8; signs++) {
            double change = loss(network, state, signs) - loss(network, state, 7 - signs);
            for (int i = 0; i < 3; i++) {
                expected[i] += change / (8 * 2 * 0.8 * sign(signs, i));
            }
        }
        Draw draw = Draw.gradients(network, state, Networks.copies(64, 2, 0, 0.5f, -1f), 1000);
        int biases = network.layout().segment("layer0.biases").offset();
        for (int i = 0; i < 3; i++) {
            assertTrue(draw.agrees(biases + i, expected[i]), "unit " + i + ": " + draw.mean(biases + i));
        }
    }

    private static int sign(int signs, int unit) {
        return (signs >> unit & 1) == 1 ? 1 : -1;
    }

    /** F at the logits a + c δ. */
    private static double loss(Network network, State state, int signs) {
        float[] biases = state.view("layer0.biases").toArray();
        for (int i = 0; i < 3; i++) {
            state.view("layer0.biases").set(i, (float) (biases[i] + 0.8 * sign(signs, i)));
        }
        double loss = new Enumeration(network, state, 0, 0.5f, -1f).expectedLoss();
        state.view("layer0.biases").set(biases);
        return loss;
    }
}

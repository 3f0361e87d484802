package org.coinflip.model.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.FiringRate;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Progress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules whose free state is a pass up, held against finite differences of the loss and against back-propagation. */
@Tag("numerical")
class FeedForwardGradientsTest {
    private static final String LAYER =
            "{ type = energy, hidden = [5, 4], units = 2, rho = %s, objective = %s, gradient { %s } }";

    private static Nets net(FiringRate rho, boolean softmax, double scale) {
        Nets net = new Nets(4, rho, 3, 5, 4, 2);
        net.forward = true;
        net.softmax = softmax;
        net.targets[0] = 0;
        net.targets[1] = 1;
        for (double[][] matrix : net.weights) {
            for (double[] row : matrix) {
                for (int j = 0; j < row.length; j++) {
                    row[j] *= scale;
                }
            }
        }
        return net;
    }

    private static double error(Nets net, String rule, double[] exact) {
        return Nets.relativeError(StepGradient.of(net, net.rho, LAYER, rule), exact);
    }

    /** Whatever β and ε are. With weights eight times as great some units of the hard sigmoid are at their ends, and learn nothing. */
    @ParameterizedTest
    @CsvSource({
        "TANH, false, 1",
        "TANH, true, 1",
        "SIGMOID, false, 4",
        "SIGMOID, true, 4",
        "HARD_SIGMOID, false, 1",
        "HARD_SIGMOID, true, 1",
        "HARD_SIGMOID, true, 8"
    })
    void oneStepOfPredictiveCodingIsBackPropagation(FiringRate rho, boolean softmax, double scale) {
        Nets net = net(rho, softmax, scale);
        double[] exact = net.differences();
        double bound = net.rounding(Nets::differences) + Rounding.gamma(8);
        for (String setting : new String[] {"", ", beta = 0.3, step = 0.7", ", beta = 1000"}) {
            double error = error(net, "type = predictive-coding" + setting, exact);
            assertTrue(error < bound, setting + ": relative error " + error + " of " + bound);
        }
    }

    /** The same parameters after a step as of dense layers, which the gradient goes on to below. */
    @Test
    void oneStepOfPredictiveCodingIsTheDenseLayersOwnStep() {
        String first = "{ type = dense, units = 6, activation = tanh }";
        State coded = step(
                first,
                "{ type = energy, hidden = [5], units = 3, rho = tanh, objective = cross-entropy, gradient = predictive-coding }");
        State dense = step(
                first,
                "{ type = dense, units = 5, activation = tanh }",
                "{ type = output, units = 3, objective = cross-entropy }");
        String[][] pairs = {
            {"layer0.weights", "layer0.weights"},
            {"layer0.biases", "layer0.biases"},
            {"layer1.weights", "layer1.weights"},
            {"layer1.biases", "layer1.biases"},
            {"layer1.weights1", "layer2.weights"},
            {"layer1.biases1", "layer2.biases"}
        };
        // steps of 1 by gradients that are sums of at most 8 × 6 products of numbers below 1
        double tolerance = Rounding.of(Rounding.gradient(8, 4, 6, 5, 3), 6);
        for (String[] pair : pairs) {
            float[] got = coded.view(pair[0]).toArray();
            float[] expected = dense.view(pair[1]).toArray();
            assertEquals(expected.length, got.length);
            double moved = 0;
            for (int i = 0; i < got.length; i++) {
                assertEquals(expected[i], got[i], tolerance, pair[0] + " " + i);
                moved = Math.max(moved, Math.abs(expected[i] - parameter(pair[1], i)));
            }
            assertTrue(moved > 100 * tolerance, pair[0] + " moved by " + moved);
        }
    }

    private static float parameter(String name, int i) {
        return (float) StrictMath.sin(1 + i + 7 * name.hashCode() % 100) / 2;
    }

    private static State step(String... layers) {
        Network network = Networks.of(4, layers);
        TrainingSpec spec = TrainingSpec.read(Section.root(
                com.typesafe.config.ConfigFactory.parseString("batch = 8, updater { type = Sgd, learning-rate = 1 }")));
        Learner learner = new Learner(network, spec, Backend.detect(), 1);
        for (String[] names : new String[][] {
            {"layer0.weights", "layer0.weights"},
            {"layer0.biases", "layer0.biases"},
            {"layer1.weights", "layer1.weights"},
            {"layer1.biases", "layer1.biases"},
            layers.length == 2
                    ? new String[] {"layer1.weights1", "layer2.weights"}
                    : new String[] {"layer2.weights", "layer2.weights"},
            layers.length == 2
                    ? new String[] {"layer1.biases1", "layer2.biases"}
                    : new String[] {"layer2.biases", "layer2.biases"}
        }) {
            for (int i = 0; i < learner.state().view(names[0]).length(); i++) {
                learner.state().view(names[0]).set(i, parameter(names[1], i));
            }
        }
        learner.step(Networks.random(8, 4, 3, 1), Networks.places(8), 8, new Progress(1, 1).at(0));
        return learner.state();
    }

    @ParameterizedTest
    @EnumSource(FiringRate.class)
    void moreStepsOfPredictiveCodingHaveABiasOfTheNudge(FiringRate rho) {
        for (boolean softmax : new boolean[] {false, true}) {
            Nets net = net(rho, softmax, rho == FiringRate.SIGMOID ? 4 : 1);
            double power = power(net, "type = predictive-coding, step = 0.5, steps = 30", 0.2, 0.1, 0.05);
            assertEquals(1, power, 0.1, "softmax " + softmax);
        }
    }

    @ParameterizedTest
    @CsvSource({"TANH, 1", "TANH, 3", "SIGMOID, 1", "SIGMOID, 3"})
    void dualPropagationHasABiasOfTheNudgesSquare(FiringRate rho, int steps) {
        for (boolean softmax : new boolean[] {false, true}) {
            Nets net = net(rho, softmax, rho == FiringRate.SIGMOID ? 4 : 1);
            double power = power(net, "type = dual-propagation, steps = " + steps, 0.4, 0.2, 0.1);
            assertEquals(2, power, 0.2, "softmax " + softmax);
        }
    }

    /** States of rates below 1 are rounded, and their difference is divided by β. */
    @ParameterizedTest
    @CsvSource({"0.5, false", "1, false", "0.5, true"})
    void dualPropagationHasNoneWhereRatesAreLinear(double beta, boolean softmax) {
        Nets net = net(FiringRate.HARD_SIGMOID, softmax, 1);
        double[] exact = net.differences();
        double size = 0;
        for (double number : exact) {
            size += number * number / exact.length;
        }
        double bound = net.rounding(Nets::differences)
                + Rounding.of(Rounding.gradient(1, 3, 5, 4, 2), 2) / beta / Math.sqrt(size);
        double error = error(net, "type = dual-propagation, beta = " + beta, exact);
        assertTrue(error < bound, "relative error " + error + " of " + bound);
        assertTrue(bound < 1e-3, "a bound of " + bound);
    }

    private static double power(Nets net, String rule, double... betas) {
        double[] exact = net.differences();
        double[] errors = new double[betas.length];
        for (int k = 0; k < betas.length; k++) {
            errors[k] = error(net, rule + ", beta = " + betas[k], exact);
        }
        return Nets.slope(betas, errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "steps = 9 | steps: got 9",
                "step = 0.3 | step: got 0.3",
                "order = layers | order: got \"layers\"",
                "persistent = true | persistent: got true",
                "tolerance = 0.1 | tolerance: got 0.1",
                "noise { std = 0.1 } | noise: got {\"std\":0.1}"
            })
    void refuseSettingsOfARelaxation(String written, String expected) {
        for (String rule : new String[] {"predictive-coding", "dual-propagation"}) {
            String message = assertThrows(
                            UsageException.class,
                            () -> Networks.of(
                                    3,
                                    "{ type = energy, hidden = [5], units = 2, gradient = " + rule + ", " + written
                                            + " }"))
                    .getMessage();
            assertEquals(
                    "layers[0]." + expected + ", expected it left out with " + rule + ": its free state is one pass up",
                    message);
        }
    }
}

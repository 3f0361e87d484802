package org.coinflip.model.energy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.FiringRate;
import org.coinflip.model.memory.Floats;
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

/** The layer that experiment files name, held against the network of double precision. */
@Tag("numerical")
class EnergyLayerTest {
    /** So great that a step is not rounded as the weight that it is taken from. */
    private static final double RATE = 4096;

    private static final String LAYER =
            "{ type = energy, hidden = [5, 4], units = 2, rho = %s, step = 0.5, steps = 300, objective = %s, gradient { %s } }";

    /** The gradient of all weights that one step of plain descent takes from the parameters, in the net's order. */
    private static double[] gradient(Nets net, FiringRate rho, String rule) {
        return gradient(net, rho, LAYER, rule);
    }

    /** The same, of a layer of any keys. */
    static double[] gradient(Nets net, FiringRate rho, String layer, String rule) {
        Network network = Networks.of(
                3, String.format(layer, Section.name(rho), net.softmax ? "cross-entropy" : "squared-error", rule));
        TrainingSpec spec = TrainingSpec.read(Section.root(com.typesafe.config.ConfigFactory.parseString(
                "batch = 1, updater { type = Sgd, learning-rate = " + RATE + " }")));
        Learner learner = new Learner(network, spec, Backend.detect(), 1);
        State state = learner.state();
        double[] before = new double[15 + 20 + 8];
        int at = 0;
        for (int l = 0; l < 3; l++) {
            String number = l == 0 ? "" : String.valueOf(l);
            for (int i = 0; i < net.sizes[l]; i++) {
                for (int j = 0; j < net.sizes[l + 1]; j++) {
                    state.matrix("layer0.weights" + number).set(i, j, (float) net.weights[l][i][j]);
                    before[at++] = (float) net.weights[l][i][j];
                }
            }
            for (int j = 0; j < net.sizes[l + 1]; j++) {
                state.view("layer0.biases" + number).set(j, (float) net.biases[net.first(l + 1) + j]);
            }
        }
        // a double network clamps ρ(x), the layer x itself
        float[] rates = new float[3];
        for (int i = 0; i < 3; i++) {
            rates[i] = (float) rho.rate(net.input[i]);
        }
        Examples example = Examples.ofFloats(3, 2, new long[] {7}, new int[] {1}, rates);
        learner.step(example, new int[] {0}, 1, new Progress(1, 1).at(0));
        at = 0;
        for (int l = 0; l < 3; l++) {
            String number = l == 0 ? "" : String.valueOf(l);
            for (int i = 0; i < net.sizes[l]; i++) {
                for (int j = 0; j < net.sizes[l + 1]; j++) {
                    before[at] = (before[at]
                                    - state.matrix("layer0.weights" + number).get(i, j))
                            / RATE;
                    at++;
                }
            }
        }
        return before;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TANH | type = recurrent-back-propagation, steps = 300 | 0",
                "SIGMOID | type = recurrent-back-propagation, steps = 300 | 0",
                "HARD_SIGMOID | type = recurrent-back-propagation, steps = 300 | 0",
                "TANH | side = both, beta = 0.05, steps = 300 | 0.02",
                "SIGMOID | side = both, beta = 0.05, steps = 300 | 0.02",
                "HARD_SIGMOID | side = both, beta = 0.05, steps = 300 | 0.02",
                "HARD_SIGMOID | side = one, beta = 0.02, steps = 300 | 0.05",
                "TANH | side = random, beta = 0.02, steps = 300 | 0.05"
            })
    void gradientsAreThoseOfTheRelaxedLoss(FiringRate rho, String rule, double tolerance) {
        Nets net = new Nets(4, rho, 3, 5, 4, 2);
        net.targets[0] = 0;
        net.targets[1] = 1;
        double error = Nets.relativeError(gradient(net, rho, rule), net.differences());
        // the nudge's own error, which the rule's order gives, and rounding
        double bound = tolerance == 0 ? net.rounding(Nets::differences) : tolerance;
        assertTrue(error < bound, "relative error " + error + " of " + bound);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HARD_SIGMOID | side = both, beta = 0.05, steps = 300 | 0.02",
                "TANH | side = random, beta = 0.02, steps = 300 | 0.05",
                "SIGMOID | type = recurrent-back-propagation, steps = 300 | 0"
            })
    void gradientsAreTheSameWithLayersInTurn(FiringRate rho, String rule, double tolerance) {
        Nets net = new Nets(4, rho, 3, 5, 4, 2);
        net.targets[0] = 0;
        net.targets[1] = 1;
        // the linear relaxation back takes the steps of the layer's too, and wants them short
        String layer = tolerance == 0 ? "order = layers, step = 0.5" : "order = layers";
        double[] got = gradient(net, rho, LAYER.replace("step = 0.5", layer), rule);
        double bound = tolerance == 0 ? net.rounding(Nets::differences) : tolerance;
        double error = Nets.relativeError(got, net.differences());
        assertTrue(error < bound, "relative error " + error + " of " + bound);
    }

    @Test
    void spikeTimingFollowsTimeAndRefusesLayersInTurn() {
        String message = assertThrows(
                        UsageException.class,
                        () -> Networks.of(
                                3, "{ type = energy, units = 2, order = layers, gradient { type = spike-timing } }"))
                .getMessage();
        assertTrue(message.contains("order: got \"layers\", expected synchronous with spike-timing"), message);
    }

    @ParameterizedTest
    @EnumSource(FiringRate.class)
    void gradientsAreThoseOfTheCrossEntropy(FiringRate rho) {
        Nets net = softmax(rho);
        double[] exact = net.differences();
        String reference = "type = recurrent-back-propagation, steps = 300";
        double error = Nets.relativeError(gradient(net, rho, reference), exact);
        double bound = net.rounding(Nets::differences);
        assertTrue(error < bound, "relative error " + error + " of " + bound);
        // as small as single precision allows
        assertEquals(1, power(net, rho, "side = one", exact, 0.1, 0.05, 0.025), 0.1);
        assertEquals(2, power(net, rho, "side = both", exact, 0.4, 0.2, 0.1), 0.1);
    }

    @ParameterizedTest
    @EnumSource(FiringRate.class)
    void fourPointsAreTheCentralDifferenceOfFourthOrder(FiringRate rho) {
        Nets net = new Nets(4, rho, 3, 5, 4, 2);
        net.targets[0] = 0;
        net.targets[1] = 1;
        double[] got = gradient(net, rho, "side = both, points = 4, beta = 0.8, steps = 300");
        double[] expected = net.fourPoints(0.8);
        double bound = Nets.rounding(expected, random -> net.roundedFourPoints(0.8, random));
        double error = Nets.relativeError(got, expected);
        assertTrue(error < bound, "relative error " + error + " of " + bound);
    }

    @Test
    void spikeTimingTendsToEquilibriumPropagationWhereItIsSymmetrisedAndRatesAreStates() {
        Nets net = new Nets(4, FiringRate.HARD_SIGMOID, 3, 5, 4, 2);
        net.targets[0] = 0;
        net.targets[1] = 1;
        double[] betas = {0.1, 0.05, 0.025};
        double[] differences = new double[betas.length];
        for (int k = 0; k < betas.length; k++) {
            differences[k] = timing(net, "", betas[k], LAYER);
        }
        assertEquals(1, Nets.slope(betas, differences), 0.1);
        String fine = LAYER.replace("step = 0.5, steps = 300", "step = 0.125, steps = 1200");
        double[] steps = {0.5, 0.125};
        double[] atSteps = {differences[0], timing(net, "", betas[0], fine)};
        assertEquals(1, Nets.slope(steps, atSteps), 0.2);
        double[] exact = net.differences();
        assertEquals(1, power(net, FiringRate.HARD_SIGMOID, "type = spike-timing, side = one", exact, betas), 0.1);
        double half = timing(net, ", symmetric = false", 0.1, LAYER);
        assertTrue(half > 0.1, "not symmetrised " + half);
        Nets curved = new Nets(4, FiringRate.TANH, 3, 5, 4, 2);
        double slopes = timing(curved, "", 0.1, LAYER);
        assertTrue(slopes > 0.1, "without slopes " + slopes);
    }

    /** Relative difference of the rule to equilibrium propagation with the same nudge. */
    private static double timing(Nets net, String setting, double beta, String layer) {
        String nudge = "side = one, steps = 1200, beta = " + beta;
        double[] got = gradient(net, net.rho, layer, "type = spike-timing, " + nudge + setting);
        double[] expected = gradient(net, net.rho, layer, "type = equilibrium-propagation, " + nudge);
        return Nets.relativeError(got, expected);
    }

    /** The power of β that the relative error of a nudged rule grows by. */
    private static double power(Nets net, FiringRate rho, String rule, double[] exact, double... betas) {
        double[] errors = new double[betas.length];
        for (int k = 0; k < betas.length; k++) {
            String nudged = rule + ", steps = 300, beta = " + betas[k];
            errors[k] = Nets.relativeError(gradient(net, rho, nudged), exact);
        }
        return Nets.slope(betas, errors);
    }

    private static Nets softmax(FiringRate rho) {
        Nets net = new Nets(4, rho, 3, 5, 4, 2);
        net.softmax = true;
        net.targets[0] = 0;
        net.targets[1] = 1;
        // a sigmoid's slopes of ¼ at most would leave gradients near the rounding of single precision
        for (double[][] matrix : rho == FiringRate.SIGMOID ? net.weights : new double[0][][]) {
            for (double[] row : matrix) {
                for (int j = 0; j < row.length; j++) {
                    row[j] *= 4;
                }
            }
        }
        return net;
    }

    @Test
    void contrastiveHebbianLearningContrastsFreeWithClampedOutputs() {
        Nets net = new Nets(4, FiringRate.TANH, 3, 5, 4, 2);
        net.targets[0] = 0;
        net.targets[1] = 1;
        double[] free = net.settle(0);
        double[] clamped = free.clone();
        int first = net.first(3);
        double[] forces = new double[free.length];
        for (int t = 0; t < 300; t++) {
            clamped[first] = 0;
            clamped[first + 1] = 1;
            net.network().step(clamped, SymmetricNetwork.Nudge.NONE, 0.5, 0, null, forces);
        }
        clamped[first] = 0;
        clamped[first + 1] = 1;
        double[] got = gradient(net, FiringRate.TANH, "type = contrastive-hebbian, steps = 300");
        double[] expected = net.contrast(free, clamped, 1);
        double error = Nets.relativeError(got, expected);
        // states that rounding moves by at most the residual of a relaxation, four times over, each in a product with a
        // rate of at most 1
        double size = 0;
        for (double number : expected) {
            size += number * number / expected.length;
        }
        double bound = 4 * 4 * Rounding.of(9 + Rounding.FUNCTION, 2) / Math.sqrt(size);
        assertTrue(error < bound, "relative error " + error + " of " + bound);
    }

    @ParameterizedTest
    @CsvSource({"tanh, squared-error", "hard-sigmoid, cross-entropy"})
    void aPersistentStateGoesOnFromTheEpochBefore(String rho, String objective) {
        String layer = "{ type = energy, hidden = [5, 4], units = 2, step = 0.1, rho = " + rho + ", objective = "
                + objective + ", persistent = true, steps = %d, steps-from-rest = %d }";
        int units = objective.equals("cross-entropy") ? 9 : 11;
        Floats inParts = Floats.allocate(8 * units);
        Floats atOnce = Floats.allocate(8 * units);
        int[] places = Networks.places(8);
        keep(String.format(layer, 3, 5), inParts, places, 0);
        keep(String.format(layer, 3, 5), inParts, new int[] {7, 5, 3, 1, 6, 4, 2, 0}, 1);
        keep(String.format(layer, 3, 5), inParts, places, 2);
        keep(String.format(layer, 3, 5 + 3 + 3), atOnce, places, 0);
        assertArrayEquals(atOnce.toArray(), inParts.toArray(), (float) Rounding.of(11 * (9 + Rounding.FUNCTION), 1));
        float[] before = inParts.toArray();
        keep(String.format(layer, 3, 5), inParts, new int[] {6}, 3);
        for (int i = 0; i < before.length; i++) {
            assertTrue((i / units == 6) != (before[i] == inParts.get(i)) || before[i] == 0, "number " + i);
        }
    }

    /** A step from the same parameters, whatever the steps before. */
    private static void keep(String layer, Floats kept, int[] places, int epoch) {
        Network network = Networks.of(3, layer);
        TrainingSpec spec = TrainingSpec.read(Section.root(com.typesafe.config.ConfigFactory.parseString("batch = 8")));
        Learner learner = new Learner(network, spec, Backend.detect(), 1);
        network.initialise(learner.state(), 1);
        learner.keep(kept);
        learner.step(Networks.random(8, 3, 2, 1), places, places.length, new Progress(1, 4).at(epoch));
    }

    @Test
    void refusesARelaxationThatDoesNotSettle() {
        String message = assertThrows(
                        DivergenceException.class, () -> step("hidden = [5], rho = tanh, step = 0.1, steps = 3"))
                .getMessage();
        assertTrue(message.startsWith("relaxation did not settle: got a residual of "), message);
    }

    /** The spectral norm of a square matrix of Glorot's weights is 2 at any width, and above 1 units hold each other up or down. */
    @Test
    void halfOfGlorotsWeightsSettleSoonerBetweenWideLayers() {
        String wide = "hidden = [300, 300], steps = 80, initial-scale = ";
        step(wide + 0.5);
        assertThrows(DivergenceException.class, () -> step(wide + 1));
    }

    private static void step(String settings) {
        Network network = Networks.of(3, "{ type = energy, units = 2, tolerance = 1e-4, " + settings + " }");
        TrainingSpec spec = TrainingSpec.read(Section.root(com.typesafe.config.ConfigFactory.empty()));
        Learner learner = new Learner(network, spec, Backend.detect(), 1);
        network.initialise(learner.state(), 1);
        learner.step(Networks.random(4, 3, 2, 1), Networks.places(4), 4, new Progress(1, 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "initial-scale = 0 | initial-scale: got 0, expected a number in (0, ∞)",
                "step = -0.5 | step: got -0.5, expected a number in (0, 1]",
                "gradient { type = contrastive-hebbian, beta = 1 } | gradient.beta: got 1, expected no beta:"
                        + " contrastive-hebbian clamps the outputs, and what is clamped cannot be nudged",
                "learning-rate-scales = [1] | learning-rate-scales: got [1], expected 2 numbers that are not negative:"
                        + " one for each hidden layer and the outputs",
                "objective = cross-entropy, gradient.type = contrastive-hebbian | objective: got \"cross-entropy\", expected"
                        + " squared-error with contrastive-hebbian: it clamps the outputs' states, and a softmax has none",
                "hidden = [], objective = cross-entropy | objective: got \"cross-entropy\", expected squared-error without"
                        + " hidden layers: a softmax reads one",
                "objective = gaussian-reconstruction | objective: got \"gaussian-reconstruction\", expected squared-error or"
                        + " cross-entropy: the outputs are classes",
                "steps-from-rest = 9 | steps-from-rest: got 9, expected persistent = true beside it: otherwise all steps are"
                        + " from rest",
                "hidden = [0] | hidden: got [0], expected a list of whole numbers of at least 1",
                "gradient = equilibrium | gradient.type: got \"equilibrium\", expected a gradient, one of"
                        + " contrastive-hebbian, dual-propagation, equilibrium-propagation, predictive-coding,"
                        + " recurrent-back-propagation, spike-timing",
                "gradient { type = spike-timing, side = both } | gradient.side: got \"both\", expected one or random: the rule"
                        + " follows one nudged phase from the free fixed point on",
                "gradient { side = both, points = 3 } | gradient.points: got 3, expected 2 or 4 from both sides",
                "gradient.points = 4 | gradient.points: got 4, expected 1, or side = both"
            })
    void refusesWhatCannotBe(String written, String expected) {
        String hidden = written.startsWith("hidden") ? "" : "hidden = [5], ";
        String message = assertThrows(
                        UsageException.class,
                        () -> Networks.of(3, "{ type = energy, " + hidden + "units = 2, " + written + " }"))
                .getMessage();
        assertEquals("layers[0]." + expected, message);
    }
}

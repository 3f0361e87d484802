package org.coinflip.model.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.kernel.operation.FiringRate;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules whose free state is relaxed, held against the network of double precision. */
@Tag("numerical")
class RelaxedGradientsTest {
    private static final String LAYER =
            "{ type = energy, hidden = [5, 4], units = 2, rho = %s, step = 0.5, steps = 300, objective = %s, gradient { %s } }";

    /** Of the layer of these tests. */
    private static double[] gradient(Nets net, FiringRate rho, String rule) {
        return StepGradient.of(net, rho, LAYER, rule);
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
        double[] got = StepGradient.of(net, rho, LAYER.replace("step = 0.5", layer), rule);
        double bound = tolerance == 0 ? net.rounding(Nets::differences) : tolerance;
        double error = Nets.relativeError(got, net.differences());
        assertTrue(error < bound, "relative error " + error + " of " + bound);
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
        double[] got = StepGradient.of(net, net.rho, layer, "type = spike-timing, " + nudge + setting);
        double[] expected = StepGradient.of(net, net.rho, layer, "type = equilibrium-propagation, " + nudge);
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
}

package org.coinflip.model.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.operation.FiringRate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SymmetricNetworkTest {
    @ParameterizedTest
    @EnumSource(FiringRate.class)
    void theForceIsMinusTheGradientOfTheEnergy(FiringRate rho) {
        Nets net = new Nets(3, rho, 3, 5, 4, 2);
        double[] states = net.settle(0);
        for (int i = 3; i < states.length; i++) {
            states[i] = 0.3 + 0.02 * i;
        }
        double[] force = new double[states.length];
        net.network().force(states, SymmetricNetwork.Nudge.NONE, force);
        for (int i = 3; i < states.length; i++) {
            double[] more = states.clone();
            double[] less = states.clone();
            more[i] += 1e-6;
            less[i] -= 1e-6;
            double difference = (net.network().energy(more) - net.network().energy(less)) / 2e-6;
            assertEquals(-difference, force[i], 1e-8);
        }
    }

    @ParameterizedTest
    @EnumSource(FiringRate.class)
    void equilibriumPropagationIsBiasedInBetaFromOneSideAndInItsSquareFromBoth(FiringRate rho) {
        Nets net = new Nets(1, rho, 3, 5, 4, 2);
        double[] exact = net.differences();
        double[] betas = {0.08, 0.04, 0.02, 0.01};
        double[] one = new double[betas.length];
        double[] both = new double[betas.length];
        double[] free = net.settle(0);
        for (int k = 0; k < betas.length; k++) {
            double[] nudged = net.settle(betas[k]);
            one[k] = Nets.relativeError(net.contrast(free, nudged, 1 / betas[k]), exact);
            double[] other = net.settle(-betas[k]);
            both[k] = Nets.relativeError(net.contrast(other, nudged, 1 / (2 * betas[k])), exact);
        }
        assertEquals(1, Nets.slope(betas, one), 0.1);
        assertEquals(2, Nets.slope(betas, both), 0.1);
        assertTrue(both[betas.length - 1] < 1e-3, "error at the least β " + both[betas.length - 1]);
    }

    @ParameterizedTest
    @EnumSource(FiringRate.class)
    void fromFourPointsItIsBiasedInTheFourthPower(FiringRate rho) {
        Nets net = new Nets(1, rho, 3, 5, 4, 2);
        double[] exact = net.differences();
        double[] betas = {0.16, 0.08};
        double[] errors = new double[betas.length];
        for (int k = 0; k < betas.length; k++) {
            errors[k] = Nets.relativeError(net.fourPoints(betas[k]), exact);
        }
        assertEquals(4, Nets.slope(betas, errors), 0.2);
    }

    @Test
    void anErrorReachesTheLayerKBelowTheOutputsAtStepKPlusOne() {
        double step = 1e-3;
        Nets net = new Nets(2, FiringRate.TANH, 3, 5, 4, 6, 2);
        SymmetricNetwork network = net.network();
        double[] free = net.settle(0);
        double[] still = free.clone();
        double[] nudged = free.clone();
        double[] forces = new double[free.length];
        for (int n = 1; n <= 4; n++) {
            network.step(still, SymmetricNetwork.Nudge.NONE, step, 0, null, forces);
            network.step(nudged, net.nudge(0.5), step, 0, null, forces);
            for (int k = 0; k < 4; k++) {
                int layer = 4 - k;
                for (int i = net.first(layer); i < net.first(layer) + net.sizes[layer]; i++) {
                    if (n <= k) {
                        assertEquals(still[i], nudged[i], 0, "layer " + layer + " at step " + n);
                    } else if (n == k + 1) {
                        assertTrue(still[i] != nudged[i], "layer " + layer + " at step " + n);
                    }
                }
            }
        }
    }

    @Test
    void refusesWhatHasNoEnergy() {
        double[][] skew = {{0, 1}, {2, 0}};
        String message = assertThrows(
                        UsageException.class,
                        () -> new SymmetricNetwork(FiringRate.TANH, skew, new double[2], new boolean[2]))
                .getMessage();
        assertEquals(
                "weights: got W[1][0] = 2.0 and W[0][1] = 1.0, expected a symmetric matrix: only then is there an energy",
                message);
    }

    @Test
    void refusesNegativeStepsAndNudgesOfClampedUnits() {
        Nets net = new Nets(1, FiringRate.TANH, 2, 3, 1);
        double[] states = new double[6];
        assertEquals(
                "step: got -0.1, expected a number in (0, ∞): steps go down the energy",
                assertThrows(UsageException.class, () -> net.network().settle(states, net.nudge(0), -0.1, 1e-9, 10))
                        .getMessage());
        SymmetricNetwork.Nudge clamped = new SymmetricNetwork.Nudge(1, 1, new double[] {0});
        assertEquals(
                "nudge: got unit 1 both clamped and nudged, expected one of them: leave out clamping to nudge it",
                assertThrows(UsageException.class, () -> net.network().settle(states, clamped, 0.1, 1e-9, 10))
                        .getMessage());
    }

    @Test
    void refusesARelaxationThatDoesNotSettle() {
        Nets net = new Nets(1, FiringRate.TANH, 2, 3, 1);
        String message = assertThrows(DivergenceException.class, () -> net.network()
                        .settle(new double[6], net.nudge(0), 0.01, 1e-12, 5))
                .getMessage();
        assertTrue(
                message.startsWith("relaxation did not settle: got a residual of ")
                        && message.endsWith(
                                " after 5 steps, expected at most 1.00e-12: take more steps, a smaller step, or smaller weights"),
                message);
    }
}

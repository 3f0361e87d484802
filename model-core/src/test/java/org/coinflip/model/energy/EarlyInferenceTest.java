package org.coinflip.model.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.kernel.operation.FiringRate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EarlyInferenceTest {
    private static final double BETA = 0.5;

    private static int[] sizes(int depth) {
        int[] sizes = new int[depth + 1];
        for (int l = 0; l <= depth; l++) {
            sizes[l] = l == 0 ? 3 : l == depth ? 2 : 5;
        }
        return sizes;
    }

    @ParameterizedTest
    @CsvSource({"2,TANH", "3,TANH", "4,TANH", "2,SIGMOID", "3,SIGMOID", "4,SIGMOID", "3,HARD_SIGMOID", "4,HARD_SIGMOID"
    })
    void earlyDisplacementsAreBackPropagatedErrorsByTheFactorialLaw(int depth, FiringRate rho) {
        Nets net = new Nets(11, rho, sizes(depth));
        EarlyInference inference = new EarlyInference(net.network(), net.sizes, net.settle(0), net.targets);
        double[] times = {0.02, 0.04};
        double[][] displacements = inference.displacements(BETA, times, 1e-3);
        for (int layer = 1; layer <= depth; layer++) {
            EarlyInference.Likeness early = inference.likeness(layer, displacements[0], BETA, times[0]);
            EarlyInference.Likeness later = inference.likeness(layer, displacements[1], BETA, times[1]);
            assertTrue(early.cosine() >= 0.9999, "layer " + layer + ": " + early);
            assertEquals(1, early.ratio(), 0.05, "layer " + layer);
            // to 1 linearly in t: half the time, half the difference
            assertEquals(2, (1 - later.ratio()) / (1 - early.ratio()), 0.1, "layer " + layer);
        }
    }

    /** The mean of 200 chains within 4.5 standard errors in each of 10 units: less than one in 10⁴ wrong alarms. */
    @ParameterizedTest
    @CsvSource({"TANH", "SIGMOID"})
    void theMeanOfLangevinChainsIsTheDeterministicRun(FiringRate rho) {
        Nets net = new Nets(5, rho, 3, 5, 3, 2);
        EarlyInference inference = new EarlyInference(net.network(), net.sizes, net.settle(0), net.targets);
        double[] times = {0.2};
        double[] without = inference.langevin(0.1, 0, times, 0.01, 1, 0)[0];
        int chains = 200;
        double[] sum = new double[without.length];
        double[] squares = new double[without.length];
        for (int c = 0; c < chains; c++) {
            double[] one = inference.langevin(0.1, 1e-4, times, 0.01, 1, c)[0];
            for (int i = 0; i < sum.length; i++) {
                sum[i] += one[i];
                squares[i] += one[i] * one[i];
            }
        }
        for (int i = 3; i < sum.length; i++) {
            double mean = sum[i] / chains;
            double error = Math.sqrt((squares[i] / chains - mean * mean) / chains);
            assertTrue(error > 0, "unit " + i + " is noisy");
            assertEquals(without[i], mean, 4.5 * error, "unit " + i);
        }
    }
}

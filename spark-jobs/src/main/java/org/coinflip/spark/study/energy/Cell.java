package org.coinflip.spark.study.energy;

import java.io.Serializable;
import org.coinflip.model.energy.EarlyInference;
import org.coinflip.model.energy.SymmetricNetwork;
import org.coinflip.model.kernel.operation.FiringRate;
import org.coinflip.model.noise.NoiseKey;

/**
 * One random network and how it is pushed. The network is a function of (seed, depth, ρ): pushes and temperatures are compared on the same.
 *
 * @param depth layers that are not clamped, N
 * @param rho firing rate
 * @param beta β
 * @param temperature T; 0 for none
 */
record Cell(int depth, FiringRate rho, double beta, double temperature) implements Serializable {
    /** Deviation of a weight, times the square root of its layer's inputs. */
    private static final double SPREAD = 0.6;

    private static final double RESIDUAL = 1e-14;
    private static final int MOST_STEPS = 100_000;

    /** Units of layers 0 … N. */
    int[] sizes(int inputs, int hidden, int outputs) {
        int[] sizes = new int[depth + 1];
        for (int l = 0; l <= depth; l++) {
            sizes[l] = l == 0 ? inputs : l == depth ? outputs : hidden;
        }
        return sizes;
    }

    /** The network at its free fixed point. */
    EarlyInference inference(int[] sizes, long seed) {
        NoiseKey key = new NoiseKey(seed, depth, NoiseKey.STUDY);
        long place = 0;
        int units = 0;
        double[][][] weights = new double[depth][][];
        for (int l = 0; l < depth; l++) {
            weights[l] = new double[sizes[l]][sizes[l + 1]];
            double bound = SPREAD * Math.sqrt(3.0 / sizes[l]);
            for (double[] row : weights[l]) {
                for (int j = 0; j < row.length; j++) {
                    row[j] = bound * (2 * key.uniform(place++) - 1);
                }
            }
            units += sizes[l];
        }
        units += sizes[depth];
        double[] biases = new double[units];
        for (int i = 0; i < units; i++) {
            biases[i] = 0.2 * key.uniform(place++);
        }
        if (rho.isClipped()) {
            centre(sizes, weights, biases);
        }
        SymmetricNetwork network = SymmetricNetwork.layered(rho, sizes, weights, biases);
        double[] states = new double[units];
        for (int i = 0; i < sizes[0]; i++) {
            states[i] = key.uniform(place++);
        }
        double[] targets = new double[sizes[depth]];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = key.uniform(place++);
        }
        network.settle(states, SymmetricNetwork.Nudge.NONE, 0.5, RESIDUAL, MOST_STEPS);
        return new EarlyInference(network, sizes, states, targets);
    }

    /** Keeps units off the ends of a hard sigmoid, where nothing flows: rests them near ½. */
    private static void centre(int[] sizes, double[][][] weights, double[] biases) {
        int first = 0;
        for (int l = 0; l < weights.length; l++) {
            for (int i = 0; i < sizes[l]; i++) {
                for (int j = 0; j < sizes[l + 1]; j++) {
                    weights[l][i][j] /= 2;
                    biases[first + i] -= weights[l][i][j] / 2;
                    biases[first + sizes[l] + j] -= weights[l][i][j] / 2;
                }
            }
            first += sizes[l];
        }
        for (int i = 0; i < biases.length; i++) {
            biases[i] += 0.4;
        }
    }
}

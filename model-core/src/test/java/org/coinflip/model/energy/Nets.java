package org.coinflip.model.energy;

import java.util.Random;
import org.coinflip.model.kernel.FiringRate;

/** Random layered networks in double precision, and what tests compute of them by another route than the library. */
final class Nets {
    final int[] sizes;
    final double[][][] weights;
    final double[] biases;
    final double[] input;
    final double[] targets;
    final FiringRate rho;

    Nets(long seed, FiringRate rho, int... sizes) {
        Random random = new Random(seed);
        this.rho = rho;
        this.sizes = sizes;
        weights = new double[sizes.length - 1][][];
        int units = sizes[0];
        for (int l = 1; l < sizes.length; l++) {
            weights[l - 1] = new double[sizes[l - 1]][sizes[l]];
            for (double[] row : weights[l - 1]) {
                for (int j = 0; j < row.length; j++) {
                    row[j] = 0.6 * random.nextGaussian() / Math.sqrt(sizes[l - 1]);
                }
            }
            units += sizes[l];
        }
        biases = new double[units];
        for (int i = 0; i < units; i++) {
            biases[i] = 0.2 + 0.05 * random.nextGaussian();
        }
        if (rho == FiringRate.HARD_SIGMOID) {
            centre();
        }
        input = new double[sizes[0]];
        for (int i = 0; i < input.length; i++) {
            input[i] = random.nextDouble();
        }
        targets = new double[sizes[sizes.length - 1]];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = random.nextDouble();
        }
    }

    /** Takes from the biases what rates of ½ send, so that units stay off the ends of the hard sigmoid. */
    private void centre() {
        for (int l = 0; l < weights.length; l++) {
            for (int i = 0; i < sizes[l]; i++) {
                for (int j = 0; j < sizes[l + 1]; j++) {
                    weights[l][i][j] /= 2;
                    biases[first(l) + i] -= weights[l][i][j] / 2;
                    biases[first(l + 1) + j] -= weights[l][i][j] / 2;
                }
            }
        }
        for (int i = 0; i < biases.length; i++) {
            biases[i] += 0.3;
        }
    }

    SymmetricNetwork network() {
        return SymmetricNetwork.layered(rho, sizes, weights, biases);
    }

    /** First unit of a layer. */
    int first(int layer) {
        int first = 0;
        for (int l = 0; l < layer; l++) {
            first += sizes[l];
        }
        return first;
    }

    SymmetricNetwork.Nudge nudge(double beta) {
        return new SymmetricNetwork.Nudge(beta, first(sizes.length - 1), targets);
    }

    /** The fixed point under a nudge, from a state of zeros. */
    double[] settle(double beta) {
        double[] states = new double[biases.length];
        System.arraycopy(input, 0, states, 0, input.length);
        network().settle(states, nudge(beta), 0.5, 1e-14, 100_000);
        return states;
    }

    /** J at the free fixed point. */
    double loss() {
        double[] states = settle(0);
        double sum = 0;
        for (int k = 0; k < targets.length; k++) {
            double error = states[first(sizes.length - 1) + k] - targets[k];
            sum += error * error / 2;
        }
        return sum;
    }

    /** ∂J/∂W by central differences of the relaxed loss, all weights one after another. */
    double[] differences() {
        double h = 1e-5;
        double[] gradient = new double[count()];
        int at = 0;
        for (double[][] matrix : weights) {
            for (double[] row : matrix) {
                for (int j = 0; j < row.length; j++) {
                    double before = row[j];
                    row[j] = before + h;
                    double more = loss();
                    row[j] = before - h;
                    double less = loss();
                    row[j] = before;
                    gradient[at++] = (more - less) / (2 * h);
                }
            }
        }
        return gradient;
    }

    /** (ρρᵀ(a) − ρρᵀ(b)) · factor, in the order of {@link #differences}. */
    double[] contrast(double[] a, double[] b, double factor) {
        double[] gradient = new double[count()];
        int at = 0;
        for (int l = 0; l < weights.length; l++) {
            for (int i = first(l); i < first(l + 1); i++) {
                for (int j = first(l + 1); j < first(l + 1) + sizes[l + 1]; j++) {
                    gradient[at++] = factor * (rho.rate(a[i]) * rho.rate(a[j]) - rho.rate(b[i]) * rho.rate(b[j]));
                }
            }
        }
        return gradient;
    }

    private int count() {
        int count = 0;
        for (int l = 0; l < weights.length; l++) {
            count += sizes[l] * sizes[l + 1];
        }
        return count;
    }

    static double relativeError(double[] got, double[] expected) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < got.length; i++) {
            difference += (got[i] - expected[i]) * (got[i] - expected[i]);
            size += expected[i] * expected[i];
        }
        return Math.sqrt(difference / size);
    }
}

package org.coinflip.model.energy;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import org.coinflip.model.kernel.operation.FiringRate;
import org.coinflip.model.oracle.Rounding;

/** Random layered networks in double precision, and what tests compute of them by another route than the library. */
final class Nets {
    final int[] sizes;
    final double[][][] weights;
    final double[] biases;
    final double[] input;
    final double[] targets;
    final FiringRate rho;
    /** Whether the top layer is no part of the energy but a softmax of what it receives, with the cross-entropy as loss. */
    boolean softmax;
    /** Whether nothing is felt from above: {@code s_l = b_l + ρ(s_{l−1}) W_l}. */
    boolean forward;

    /** Of a force, a sum of at most nine products, a bias and a function; of the step that it moves a state by; and twice that, for a linear relaxation back. */
    private static final int ROUNDINGS = 2 * (9 + 1 + Rounding.FUNCTION + 2);

    private Nets(Nets from) {
        rho = from.rho;
        sizes = from.sizes;
        weights = Arrays.stream(from.weights)
                .map(matrix -> Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new))
                .toArray(double[][][]::new);
        biases = from.biases.clone();
        input = from.input;
        targets = from.targets.clone();
        softmax = from.softmax;
        forward = from.forward;
    }

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
        if (softmax) {
            int top = sizes.length - 1;
            return SymmetricNetwork.layered(
                    rho, Arrays.copyOf(sizes, top), Arrays.copyOf(weights, top - 1), Arrays.copyOf(biases, first(top)));
        }
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
        SymmetricNetwork network = network();
        double[] states = new double[network.units()];
        System.arraycopy(input, 0, states, 0, input.length);
        network.settle(states, beta == 0 ? SymmetricNetwork.Nudge.NONE : nudge(beta), 0.5, 1e-14, 100_000);
        return states;
    }

    /**
     * Another network with every weight, bias and target multiplied by 1 ± γ of {@link #ROUNDINGS}, at random: the fixed points of single precision
     * are exact ones of such networks.
     */
    Nets disturbed(Random random) {
        Nets other = new Nets(this);
        for (double[][] matrix : other.weights) {
            for (double[] row : matrix) {
                disturb(row, random);
            }
        }
        disturb(other.biases, random);
        disturb(other.targets, random);
        return other;
    }

    private static void disturb(double[] numbers, Random random) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] *= 1 + (random.nextBoolean() ? 1 : -1) * Rounding.gamma(ROUNDINGS);
        }
    }

    /** What a relative error of a gradient may be by rounding alone. */
    double rounding(Function<Nets, double[]> gradient) {
        return rounding(gradient.apply(this), random -> gradient.apply(disturbed(random)));
    }

    /** The same, where more than the network is rounded. */
    static double rounding(double[] exact, Function<Random, double[]> rounded) {
        double[] bounds = Rounding.conditioning(exact, rounded);
        double square = 0;
        double size = 0;
        for (int i = 0; i < exact.length; i++) {
            square += bounds[i] * bounds[i];
            size += exact[i] * exact[i];
        }
        return Math.sqrt(square / size);
    }

    private double[] ascend() {
        double[] states = new double[biases.length];
        System.arraycopy(input, 0, states, 0, input.length);
        for (int l = 1; l < sizes.length; l++) {
            for (int j = 0; j < sizes[l]; j++) {
                double sum = biases[first(l) + j];
                for (int i = 0; i < sizes[l - 1]; i++) {
                    sum += rho.rate(states[first(l - 1) + i]) * weights[l - 1][i][j];
                }
                states[first(l) + j] = sum;
            }
        }
        return states;
    }

    /** J at the free fixed point. */
    double loss() {
        double[] states = forward ? ascend() : settle(0);
        if (softmax) {
            return crossEntropy(states);
        }
        double sum = 0;
        for (int k = 0; k < targets.length; k++) {
            double error = states[first(sizes.length - 1) + k] - targets[k];
            sum += error * error / 2;
        }
        return sum;
    }

    private double crossEntropy(double[] states) {
        int top = sizes.length - 1;
        double sum = 0;
        double atTarget = 0;
        for (int k = 0; k < targets.length; k++) {
            double logit = biases[first(top) + k];
            for (int i = 0; i < sizes[top - 1]; i++) {
                logit += rho.rate(states[first(top - 1) + i]) * weights[top - 1][i][k];
            }
            sum += Math.exp(logit);
            atTarget += targets[k] * logit;
        }
        return Math.log(sum) - atTarget;
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

    /** The estimate of equilibrium propagation from the nudges ±β and ±β/2, in the order of {@link #differences}. */
    double[] fourPoints(double beta) {
        return fourPoints(beta, this::settle);
    }

    /** The same, of fixed points that are each rounded in its own way. */
    double[] roundedFourPoints(double beta, Random random) {
        return fourPoints(beta, nudge -> disturbed(random).settle(nudge));
    }

    private double[] fourPoints(double beta, DoubleFunction<double[]> settle) {
        double[] outer = contrast(settle.apply(-beta), settle.apply(beta), 1);
        double[] inner = contrast(settle.apply(-beta / 2), settle.apply(beta / 2), 1);
        for (int i = 0; i < outer.length; i++) {
            outer[i] = (8 * inner[i] - outer[i]) / (6 * beta);
        }
        return outer;
    }

    private int count() {
        int count = 0;
        for (int l = 0; l < weights.length; l++) {
            count += sizes[l] * sizes[l + 1];
        }
        return count;
    }

    /** The power of β that errors grow by. */
    static double slope(double[] betas, double[] errors) {
        int last = betas.length - 1;
        return Math.log(errors[0] / errors[last]) / Math.log(betas[0] / betas[last]);
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

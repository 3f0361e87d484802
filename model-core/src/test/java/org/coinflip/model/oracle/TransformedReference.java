package org.coinflip.model.oracle;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.coinflip.model.memory.State;

/**
 * A network of transformed layers and a softmax output in double precision, written from the papers' equations: units by units, every
 * pair of layers connected, no blocks of weights and no matrix products.
 */
public final class TransformedReference {
    /** Units of every layer, inputs first, outputs last. */
    public final int[] widths;

    /** weights[l][m][i][j] from unit i of layer m to unit j of layer l; layer 0 is the input. */
    public final double[][][][] weights;

    public final double[][] biases;
    public final double[][] alpha;
    public final double[][] beta;
    public final double[][] gamma;

    /** Which of α, β, γ are estimated, by layer: of "αβγ", those that the text has. */
    public final String[] estimated;

    /** Factors on the rates of layers' weights and biases. */
    public final double[] rates;

    private final DoubleUnaryOperator unit;
    private final DoubleUnaryOperator slope;
    private Random errors;
    private double size;

    public TransformedReference(int[] widths, DoubleUnaryOperator unit, DoubleUnaryOperator slope) {
        this.widths = widths;
        this.unit = unit;
        this.slope = slope;
        int layers = widths.length;
        weights = new double[layers][][][];
        biases = new double[layers][];
        alpha = new double[layers][];
        beta = new double[layers][];
        gamma = new double[layers][];
        estimated = new String[layers];
        Arrays.fill(estimated, "αβ");
        rates = new double[layers];
        Arrays.fill(rates, 1);
        for (int l = 1; l < layers; l++) {
            weights[l] = new double[l][][];
            for (int m = 0; m < l; m++) {
                weights[l][m] = new double[widths[m]][widths[l]];
            }
            biases[l] = new double[widths[l]];
            alpha[l] = new double[widths[l]];
            beta[l] = new double[widths[l]];
            gamma[l] = new double[widths[l]];
            Arrays.fill(gamma[l], 1);
        }
    }

    /** tanh units. */
    public static TransformedReference tanh(int... widths) {
        return new TransformedReference(widths, Math::tanh, u -> 1 - Math.tanh(u) * Math.tanh(u));
    }

    /**
     * From now on, what single precision would round is off by what it may be, at random: sums by a part of their terms' magnitudes, functions,
     * and weights where a gradient is taken and where a step leaves them.
     *
     * @param roundings of a sum
     */
    public TransformedReference disturb(Random random, int roundings) {
        errors = random;
        size = Rounding.gamma(roundings);
        return this;
    }

    /** A number that is off by at most the part of a magnitude that may be rounded away. */
    private double rounded(double value, double magnitude) {
        return errors == null ? value : value + size * magnitude * (2 * errors.nextDouble() - 1);
    }

    private void roundParameters() {
        for (int l = 1; errors != null && l < widths.length; l++) {
            for (double[][] from : weights[l]) {
                for (double[] row : from) {
                    roundAll(row);
                }
            }
            roundAll(biases[l]);
        }
    }

    private void roundAll(double[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = rounded(numbers[i], numbers[i]);
        }
    }

    /** All weights and biases, one after another. */
    public double[] parameters() {
        return Stream.concat(
                        Arrays.stream(weights).skip(1).flatMap(Arrays::stream).flatMap(Arrays::stream),
                        Arrays.stream(biases).skip(1))
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    /** Takes the weights of a state, those of plain units, whose first transformed layer has the given number. */
    public TransformedReference read(State state, int firstLayer) {
        for (int l = 1; l < widths.length; l++) {
            String layer = "layer" + (firstLayer + l - 1) + ".";
            for (int m = 0; m < l; m++) {
                var matrix = state.matrix(layer + (m == l - 1 ? "weights" : "shortcut" + m));
                for (int i = 0; i < widths[m]; i++) {
                    for (int j = 0; j < widths[l]; j++) {
                        weights[l][m][i][j] = matrix.get(i, j);
                    }
                }
            }
            for (int j = 0; j < widths[l]; j++) {
                biases[l][j] = state.view(layer + "biases").get(j);
            }
        }
        return this;
    }

    /** Takes α, β, γ of a state and compensates. */
    public TransformedReference transformAs(State state, int firstLayer) {
        for (int l = 1; l < widths.length - 1; l++) {
            String layer = "layer" + (firstLayer + l - 1) + ".";
            for (int j = 0; j < widths[l]; j++) {
                float newAlpha = state.view(layer + "alpha").get(j);
                float newBeta = state.view(layer + "beta").get(j);
                move(l, j, newAlpha, newBeta, state.view(layer + "gamma").get(j));
            }
        }
        return this;
    }

    /** u of every layer for an input. */
    public double[][] preActivations(double[] x) {
        double[][] u = new double[widths.length][];
        double[][] y = new double[widths.length][];
        y[0] = x;
        for (int l = 1; l < widths.length; l++) {
            u[l] = new double[widths[l]];
            y[l] = new double[widths[l]];
            for (int j = 0; j < widths[l]; j++) {
                double sum = biases[l][j];
                double magnitude = Math.abs(sum);
                for (int m = 0; m < l; m++) {
                    for (int i = 0; i < widths[m]; i++) {
                        double product = weights[l][m][i][j] * y[m][i];
                        sum += product;
                        magnitude += Math.abs(product);
                    }
                }
                u[l][j] = rounded(sum, magnitude);
                y[l][j] = value(l, j, u[l][j]);
            }
        }
        return u;
    }

    public double value(int layer, int j, double u) {
        return gamma[layer][j] * (unit.applyAsDouble(u) + alpha[layer][j] * u + beta[layer][j]);
    }

    public double slope(int layer, int j, double u) {
        return gamma[layer][j] * (slope.applyAsDouble(u) + alpha[layer][j]);
    }

    /** What the output layer gives for an input. */
    public double[] outputs(double[] x) {
        return preActivations(x)[widths.length - 1];
    }

    /** Mean of −log softmax(y)[label]. */
    public double loss(double[][] inputs, int[] labels) {
        double sum = 0;
        for (int t = 0; t < inputs.length; t++) {
            double[] y = outputs(inputs[t]);
            double total = 0;
            for (double logit : y) {
                total += Math.exp(logit);
            }
            sum += Math.log(total) - y[labels[t]];
        }
        return sum / inputs.length;
    }

    /** Estimates α, β, γ on a batch, layer by layer, and compensates. */
    public void transform(double[][] inputs) {
        for (int l = 1; l < widths.length - 1; l++) {
            double[][] u = new double[inputs.length][];
            for (int t = 0; t < inputs.length; t++) {
                u[t] = preActivations(inputs[t])[l];
            }
            for (int j = 0; j < widths[l]; j++) {
                retarget(l, j, u);
            }
        }
    }

    private void retarget(int l, int j, double[][] u) {
        int n = u.length;
        double newAlpha = 0;
        for (double[] row : u) {
            newAlpha -= estimated[l].contains("α") ? slope.applyAsDouble(row[j]) / n : 0;
        }
        newAlpha = rounded(newAlpha, newAlpha);
        double newBeta = 0;
        double magnitude = 0;
        for (double[] row : u) {
            if (!estimated[l].contains("β")) {
                break;
            }
            newBeta -= (unit.applyAsDouble(row[j]) + newAlpha * row[j]) / n;
            magnitude += (Math.abs(unit.applyAsDouble(row[j])) + Math.abs(newAlpha * row[j])) / n;
        }
        newBeta = rounded(newBeta, magnitude);
        double squares = 0;
        double slopeSquares = 0;
        for (double[] row : u) {
            double value = unit.applyAsDouble(row[j]);
            double linear = newAlpha * row[j];
            double largest = Math.abs(value) + Math.abs(linear) + Math.abs(newBeta);
            squares += Math.pow(rounded(value + linear + newBeta, largest), 2) / n;
            double slopeValue = slope.applyAsDouble(row[j]);
            slopeSquares += Math.pow(rounded(slopeValue + newAlpha, slopeValue - newAlpha), 2) / n;
        }
        move(l, j, newAlpha, newBeta, estimated[l].contains("γ") ? Math.pow(squares * slopeSquares, -0.25) : 1);
    }

    /** Gives one unit other α, β, γ, and changes the weights so that the mapping stays. */
    public void move(int l, int j, double newAlpha, double newBeta, double newGamma) {
        double slopeChange = gamma[l][j] * (newAlpha - alpha[l][j]);
        double meanChange = gamma[l][j] * (newBeta - beta[l][j]);
        for (int k = l + 1; k < widths.length; k++) {
            for (int o = 0; o < widths[k]; o++) {
                double a = weights[k][l][j][o];
                for (int m = 0; m < l; m++) {
                    for (int i = 0; i < widths[m]; i++) {
                        weights[k][m][i][o] -= weights[l][m][i][j] * slopeChange * a;
                    }
                }
                biases[k][o] -= (slopeChange * biases[l][j] + meanChange) * a;
                weights[k][l][j][o] = a * gamma[l][j] / newGamma;
            }
        }
        alpha[l][j] = newAlpha;
        beta[l][j] = newBeta;
        gamma[l][j] = newGamma;
    }

    /** Goes back to α = β = 0, γ = 1. */
    public void rest() {
        for (int l = 1; l < widths.length - 1; l++) {
            for (int j = 0; j < widths[l]; j++) {
                move(l, j, 0, 0, 1);
            }
        }
    }

    /**
     * A step of descent on the mean loss in the present coordinates, its gradient by central differences; weights that skip s layers take
     * 2⁻ˢ of the rate.
     */
    public void descend(double[][] inputs, int[] labels, double rate) {
        double[][][][] gradients = new double[widths.length][][][];
        double[][] biasGradients = new double[widths.length][];
        double[][][][] weightsBefore = copy(weights);
        double[][] biasesBefore = copy(biases);
        roundParameters();
        for (int l = 1; l < widths.length; l++) {
            gradients[l] = new double[l][][];
            for (int m = 0; m < l; m++) {
                gradients[l][m] = new double[widths[m]][];
                for (int i = 0; i < widths[m]; i++) {
                    gradients[l][m][i] = differences(weights[l][m][i], inputs, labels);
                }
            }
            biasGradients[l] = differences(biases[l], inputs, labels);
        }
        System.arraycopy(weightsBefore, 0, weights, 0, weights.length);
        System.arraycopy(biasesBefore, 0, biases, 0, biases.length);
        for (int l = 1; l < widths.length; l++) {
            for (int m = 0; m < l; m++) {
                double eta = rates[l] * rate * Math.pow(2, m + 1 - l);
                for (int i = 0; i < widths[m]; i++) {
                    for (int j = 0; j < widths[l]; j++) {
                        weights[l][m][i][j] -= eta * gradients[l][m][i][j];
                    }
                }
            }
            for (int j = 0; j < widths[l]; j++) {
                biases[l][j] -= rates[l] * rate * biasGradients[l][j];
            }
        }
        roundParameters();
    }

    private static double[][][][] copy(double[][][][] all) {
        double[][][][] copy = all.clone();
        for (int l = 1; l < all.length; l++) {
            copy[l] = all[l].clone();
            for (int m = 0; m < l; m++) {
                copy[l][m] = copy(all[l][m]);
            }
        }
        return copy;
    }

    private static double[][] copy(double[][] rows) {
        return Arrays.stream(rows).map(row -> row == null ? null : row.clone()).toArray(double[][]::new);
    }

    /** ∂loss by central differences with respect to the numbers of an array of parameters of this network. */
    public double[] differences(double[] parameters, double[][] inputs, int[] labels) {
        double step = 1e-5;
        double[] gradient = new double[parameters.length];
        Random disturbing = errors;
        errors = null;
        for (int i = 0; i < parameters.length; i++) {
            double value = parameters[i];
            parameters[i] = value + step;
            double above = loss(inputs, labels);
            parameters[i] = value - step;
            double below = loss(inputs, labels);
            parameters[i] = value;
            gradient[i] = (above - below) / (2 * step);
        }
        errors = disturbing;
        return gradient;
    }
}

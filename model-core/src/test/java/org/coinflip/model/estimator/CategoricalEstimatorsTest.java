package org.coinflip.model.estimator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealVector;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Biased estimators of categorical units multiply the gradient at the sample by a matrix for each unit: held to the mean that
 * enumeration gives with the matrix of the formula, written out. A comparison errs with a probability of 7e-6.
 */
@Tag("numerical")
@Tag("statistical")
class CategoricalEstimatorsTest {
    private static final float[] INPUT = {0.8f, -1.1f, 0.4f};
    private static final int K = 3;

    /** The mean of the matrix that the gradient is multiplied by, given that the unit takes a category. */
    private interface Factor {
        double[][] of(double[] logits, int category);
    }

    private static Arguments factor(String estimator, Factor factor) {
        return Arguments.of(estimator, factor);
    }

    static Stream<Arguments> factors() {
        return Stream.of(
                factor("straight-through", (a, i) -> new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}),
                factor("{ type = straight-through, derivative = softmax }", (a, i) -> jacobian(softmax(a, 1), 1)),
                factor("reinmax", (a, i) -> reinMax(a, i, 1)),
                factor("{ type = reinmax, temperature = 2.5 }", (a, i) -> reinMax(a, i, 2.5)),
                factor("{ type = straight-through-concrete, temperature = 0.5 }", (a, i) -> relaxed(a, i, 0.5)),
                factor("{ type = straight-through-concrete, temperature = 2 }", (a, i) -> relaxed(a, i, 2)),
                factor("{ type = rao-blackwellised, temperature = 0.5, draws = 4 }", (a, i) -> relaxed(a, i, 0.5)),
                factor("{ type = rao-blackwellised, temperature = 2, draws = 1 }", (a, i) -> relaxed(a, i, 2)),
                factor("{ type = reinmax-cv, draws = 2 }", (a, i) -> reinMax(a, i, 1)),
                factor("{ type = reinmax-rao, draws = 2 }", (a, i) -> reinMaxRao(a, i, 0.7)),
                factor("{ type = reinmax-rao, temperature = 1.5, draws = 1 }", (a, i) -> reinMaxRao(a, i, 1.5)),
                factor("minimum-variance", (a, i) -> leastSquares(a, i, 10)),
                factor("{ type = minimum-variance, bias-weight = 0.7 }", (a, i) -> leastSquares(a, i, 0.7)),
                factor("gapped", (a, i) -> gapped(a, i, 1, 1)),
                factor("{ type = gapped, gap-of = probability }", (a, i) -> {
                    double p = softmax(a, 1)[i];
                    return gapped(a, i, -Math.log(1 - p) / p, 1);
                }),
                factor("{ type = gapped, gap = 0.3, temperature = 2 }", (a, i) -> gapped(a, i, 0.3, 2)));
    }

    private static double[] softmax(double[] logits, double temperature) {
        double sum = Arrays.stream(logits).map(a -> Math.exp(a / temperature)).sum();
        return Arrays.stream(logits).map(a -> Math.exp(a / temperature) / sum).toArray();
    }

    /** factor · (diag q − q qᵀ). */
    private static double[][] jacobian(double[] q, double factor) {
        double[][] matrix = new double[K][K];
        for (int i = 0; i < K; i++) {
            for (int j = 0; j < K; j++) {
                matrix[i][j] = factor * ((i == j ? q[i] : 0) - q[i] * q[j]);
            }
        }
        return matrix;
    }

    private static void add(double[][] sum, double[][] term, double weight) {
        for (int i = 0; i < K; i++) {
            for (int j = 0; j < K; j++) {
                sum[i][j] += weight * term[i][j];
            }
        }
    }

    private static double[][] reinMax(double[] logits, int category, double temperature) {
        double[] middle = softmax(logits, temperature);
        for (int i = 0; i < K; i++) {
            middle[i] = (middle[i] + (i == category ? 1 : 0)) / 2;
        }
        double[][] matrix = jacobian(middle, 2);
        add(matrix, jacobian(softmax(logits, 1), 1), -0.5);
        return matrix;
    }

    private static double[][] reinMaxRao(double[] logits, int category, double temperature) {
        double[] middle = softmax(logits, 1);
        for (int i = 0; i < K; i++) {
            middle[i] = Math.log((middle[i] + (i == category ? 1 : 0)) / 2);
        }
        double[][] matrix = jacobian(softmax(logits, 1), -0.5);
        add(matrix, relaxed(middle, category, temperature), 2);
        return matrix;
    }

    /**
     * The matrices w of all categories that minimise {@code Σ p_i ‖w_ij‖² + τ (2 Σ (p_i w_ii − ½ J_i)² + Σ_{i<j} (p_i w_ij + p_j w_ji)²)} with
     * {@code Σ_i p_i w_ij = J_j}, a row at a time, by the linear equations of Lagrange.
     */
    private static double[][] leastSquares(double[] logits, int category, double weight) {
        double[] p = softmax(logits, 1);
        double[][] jacobian = jacobian(p, 1);
        double[][] w = new double[K][K];
        for (int row = 0; row < K; row++) {
            double[][] system = new double[K * K + K][K * K + K];
            double[] right = new double[K * K + K];
            for (int i = 0; i < K; i++) {
                for (int j = 0; j < K; j++) {
                    int at = i * K + j;
                    system[at][at] += 2 * p[i];
                    double square = i == j ? 4 : 2;
                    system[at][at] += weight * square * p[i] * p[i];
                    if (i == j) {
                        right[at] = weight * 2 * p[i] * jacobian[row][i];
                    } else {
                        system[at][j * K + i] += weight * 2 * p[i] * p[j];
                    }
                    system[at][K * K + j] = p[i];
                    system[K * K + j][at] = p[i];
                }
                right[K * K + i] = jacobian[row][i];
            }
            RealVector solved = new LUDecomposition(new Array2DRowRealMatrix(system))
                    .getSolver()
                    .solve(new ArrayRealVector(right));
            for (int j = 0; j < K; j++) {
                w[row][j] = solved.getEntry(category * K + j);
            }
        }
        return w;
    }

    /** As the authors' code has it: the shift of the sample up to the greatest, that of the others down to the gap where it lacks. */
    private static double[][] gapped(double[] logits, int category, double gap, double temperature) {
        double greatest = Math.max(logits[0], Math.max(logits[1], logits[2]));
        double[] shifted = logits.clone();
        for (int j = 0; j < K; j++) {
            shifted[j] += j == category ? greatest - logits[j] : -Math.max(0, logits[j] + gap - greatest);
        }
        return jacobian(softmax(shifted, temperature), 1 / temperature);
    }

    /**
     * The mean over Gumbel noise that draws the category: what a softmax sees of e^(−G) is uniform on the simplex, over which the midpoint
     * rule runs, x the part of the first number of all, y that of the second of the rest.
     */
    private static double[][] relaxed(double[] logits, int category, double temperature) {
        int intervals = 700;
        double[][] sum = new double[K][K];
        double weight = 0;
        for (int i = 0; i < intervals; i++) {
            double rest = Math.sqrt((i + 0.5) / intervals);
            for (int j = 0; j < intervals; j++) {
                double y = (j + 0.5) / intervals;
                double[] noisy = {
                    logits[0] - Math.log(1 - rest), logits[1] - Math.log(rest * y), logits[2] - Math.log(rest * (1 - y))
                };
                int drawn = noisy[0] > Math.max(noisy[1], noisy[2]) ? 0 : noisy[1] > noisy[2] ? 1 : 2;
                if (drawn == category) {
                    add(sum, jacobian(softmax(noisy, temperature), 1 / temperature), 1);
                    weight++;
                }
            }
        }
        double[][] mean = new double[K][K];
        add(mean, sum, 1 / weight);
        return mean;
    }

    private static Network network(String estimator, String... above) {
        String[] layers = new String[above.length + 1];
        layers[0] = "{ type = stochastic, units = 6, law = { type = categorical, categories = 3 }, estimator = "
                + estimator + " }";
        System.arraycopy(above, 0, layers, 1, above.length);
        return Networks.of(3, layers);
    }

    @ParameterizedTest
    @MethodSource("factors")
    void biasIsThereAndNoOtherThanEnumerationGives(String estimator, Factor factor) {
        Network network =
                network(estimator, "{ type = dense, units = 4, activation = tanh }", "{ type = output, units = 3 }");
        State state = Networks.state(network, 8, 1.2);
        Enumeration enumeration = new Enumeration(network, state, 0, INPUT);
        double[][][][] factors = new double[2][K][][];
        double[] expected = enumeration.meanAtFirstLayer((logits, sample, f) -> {
            double[] gradient = Enumeration.centralDifferences(sample.clone(), f);
            double[] estimate = new double[6];
            for (int unit = 0; unit < 2; unit++) {
                int from = K * unit;
                int category = sample[from] == 1 ? 0 : sample[from + 1] == 1 ? 1 : 2;
                if (factors[unit][category] == null) {
                    factors[unit][category] = factor.of(Arrays.copyOfRange(logits, from, from + K), category);
                }
                for (int i = 0; i < K; i++) {
                    for (int j = 0; j < K; j++) {
                        estimate[from + i] += factors[unit][category][i][j] * gradient[from + j];
                    }
                }
            }
            return estimate;
        });
        double[] exact = enumeration.gradient();
        Draw draw = Draw.gradients(network, state, Networks.copies(64, 3, 0, INPUT), 1000);
        int biases = network.layout().segment("layer0.biases").offset();
        boolean unbiased = true;
        for (int i = 0; i < 6; i++) {
            double mean = draw.mean(biases + i);
            assertTrue(draw.agrees(biases + i, expected[i]), "column " + i + ": " + mean + ", expected " + expected[i]);
            unbiased &= draw.agrees(biases + i, exact[biases + i]);
        }
        assertFalse(unbiased, "the bias must be there");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"reinmax", "reinmax-cv", "{ type = reinmax-cv, temperature = 0.4, draws = 1, scale = 0.5 }"})
    void reinMaxIsExactForQuadraticLosses(String estimator) {
        Network network = network(estimator, "{ type = output, units = 3, objective = squared-error }");
        State state = Networks.state(network, 12, 1);
        double[] exact = new Enumeration(network, state, 1, INPUT).gradient();
        Draw.gradients(network, state, Networks.copies(64, 3, 1, INPUT), 1000).assertAgrees(exact, estimator);
    }

    /** The dial's ends: straight-through with the softmax's Jacobian, sample by sample, and what is exact for quadratic losses. */
    @Test
    void minimumVarianceGoesFromStraightThroughToExactForQuadraticLosses() {
        String top = "{ type = output, units = 3, objective = squared-error }";
        Network first = network("{ type = minimum-variance, bias-weight = 0 }", top);
        Network straight = network("{ type = straight-through, derivative = softmax }", top);
        State state = Networks.state(first, 12, 1);
        double[] exact = new Enumeration(first, state, 1, INPUT).gradient();
        Draw zero = Draw.gradients(first, state, Networks.copies(64, 3, 1, INPUT), 20);
        Draw softmax = Draw.gradients(straight, state, Networks.copies(64, 3, 1, INPUT), 20);
        for (int i = 0; i < exact.length; i++) {
            assertEquals(softmax.mean(i), zero.mean(i), Rounding.of(Rounding.gradient(64, 3, 6, 3), 1));
        }
        Network last = network("{ type = minimum-variance, bias-weight = 1e6 }", top);
        Draw.gradients(last, state, Networks.copies(64, 3, 1, INPUT), 1000).assertAgrees(exact, "bias-weight = 1e6");
    }

    @Test
    void exactHasNoVariance() {
        Network network = network("exact", "{ type = output, units = 3 }");
        State state = Networks.state(network, 12, 1);
        double[] exact = new Enumeration(network, state, 1, INPUT).gradient();
        Draw draw = Draw.gradients(network, state, Networks.copies(1, 3, 1, INPUT), 20);
        for (int i = network.layout().segment("layer0.biases").offset(), n = 0; n < 6; i++, n++) {
            double bound = Rounding.of(Rounding.gradient(1, 3, 6, 3), 1 + Math.abs(exact[i]));
            assertEquals(exact[i], draw.mean(i), bound);
            assertEquals(0, draw.variance(i), 1e-20);
        }
    }
}

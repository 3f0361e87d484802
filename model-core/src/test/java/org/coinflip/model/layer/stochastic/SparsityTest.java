package org.coinflip.model.layer.stochastic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("numerical")
class SparsityTest {
    private static final Backend BACKEND = Backend.detect();
    private static final int BATCH = 11;
    private static final double TARGET = 0.2;
    private static final double WEIGHT = 0.7;
    private static final double LEAST_MEAN = 0.1;
    private static final String OUTPUT = "{ type = output, units = 2 }";

    private static float[] gradient(String layer, long seed) {
        Network network = Networks.of(3, layer, OUTPUT);
        GradientSink gradient = new GradientSink(network.layout());
        Pass pass = network.bind(Networks.state(network, seed, 1), gradient, BACKEND, BATCH);
        Draw.step(pass, Networks.random(BATCH, 3, 2, seed), 0);
        return gradient.target().toArray();
    }

    /** Sparse minus not sparse is the gradient of {@code −λ Σ_j [ρ log m_j + (1−ρ) log(1−m_j)]}, taken here by differences of its definition. */
    @ParameterizedTest
    @CsvSource({"bernoulli, 1", "stochastic-times-smooth, 0.5", "'{ type = stochastic-times-smooth, ratio = 0.3 }', 0.3"
    })
    void crossEntropyIsTheGradientOfItsDefinition(String law, double power) {
        String layer = "{ type = stochastic, units = 4, law = " + law + "%s }";
        float[] plain = gradient(String.format(layer, ""), 5);
        float[] sparse =
                gradient(String.format(layer, ", sparsity { target = " + TARGET + ", weight = " + WEIGHT + " }"), 5);
        Network network = Networks.of(3, String.format(layer, ""), OUTPUT);
        State state = Networks.state(network, 5, 1);
        Examples examples = Networks.random(BATCH, 3, 2, 5);
        double[] parameters = new double[network.layout().parameters()];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = state.values().get(i);
        }
        var weights = network.layout().segment("layer0.weights");
        var biases = network.layout().segment("layer0.biases");
        ToDoubleFunction<double[]> cost = all -> {
            double sum = 0;
            for (int j = 0; j < 4; j++) {
                double mean = 0;
                for (int r = 0; r < BATCH; r++) {
                    double a = all[biases.offset() + j];
                    for (int k = 0; k < 3; k++) {
                        a += examples.feature(r, k) * all[weights.offset() + k * 4 + j];
                    }
                    mean += Math.pow(Enumeration.sigmoid(a), power) / BATCH;
                }
                assertTrue(mean > LEAST_MEAN && mean < 1 - LEAST_MEAN, "a mean of " + mean);
                sum -= TARGET * Math.log(mean) + (1 - TARGET) * Math.log(1 - mean);
            }
            return WEIGHT * sum;
        };
        double[] expected = Enumeration.centralDifferences(parameters, cost);
        for (int i = 0; i < expected.length; i++) {
            // 1e-6 inside the logarithms moves the derivative by at most 1e-6/m² of itself; both gradients are rounded
            double bound = 1e-6 / (LEAST_MEAN * LEAST_MEAN) * Math.abs(expected[i])
                    + 2
                            * Rounding.of(
                                    Rounding.gradient(BATCH, 3, 4, 2), 1 + Math.abs(plain[i]) + Math.abs(expected[i]));
            assertEquals(expected[i], sparse[i] - plain[i], bound, "parameter " + i);
        }
    }

    /** The cost is least where the mean probability is the target: there its derivative vanishes, below it is negative, above positive. */
    @ParameterizedTest
    @CsvSource({"0.1, -1", "0.2, 0", "0.3, 1"})
    void crossEntropyIsLeastAtTheTarget(double p, double sign) {
        Network network = Networks.of(
                3,
                "{ type = stochastic, units = 4, estimator = reinforce, sparsity { target = 0.2, weight = 1000 } }",
                OUTPUT);
        State state = new State(network.layout());
        network.initialise(state, 1);
        state.view("layer0.weights").fill(0f);
        state.view("layer0.biases").fill((float) Math.log(p / (1 - p)));
        GradientSink gradient = new GradientSink(network.layout());
        Draw.step(network.bind(state, gradient, BACKEND, BATCH), Networks.random(BATCH, 3, 2, 5), 0);
        var biases = network.layout().segment("layer0.biases");
        for (int j = 0; j < 4; j++) {
            double slope = gradient.target().get(biases.offset() + j);
            assertTrue(sign == 0 ? Math.abs(slope) < 2 : slope * sign > 50, "slope " + slope + " at " + p);
        }
    }

    @Test
    void l1AddsItsWeightWhereAUnitIsOpen() {
        String layer = "{ type = stochastic, units = 4, law = noisy-rectifier%s }";
        float[] plain = gradient(String.format(layer, ""), 6);
        float[] sparse = gradient(String.format(layer, ", sparsity { weight = 0.25 }"), 6);
        Network network = Networks.of(3, String.format(layer, ""), OUTPUT);
        Pass pass = network.bind(Networks.state(network, 6, 1), new GradientSink(network.layout()), BACKEND, BATCH);
        Draw.step(pass, Networks.random(BATCH, 3, 2, 6), 0);
        var biases = network.layout().segment("layer0.biases");
        for (int j = 0; j < 4; j++) {
            int open = 0;
            for (int r = 0; r < BATCH; r++) {
                open += pass.output(0).get(r, j) > 0 ? 1 : 0;
            }
            int at = biases.offset() + j;
            double bound = 2 * Rounding.of(Rounding.gradient(BATCH, 3, 4, 2), 1 + Math.abs(plain[at]));
            assertEquals(0.25 * open / BATCH, sparse[at] - plain[at], bound);
        }
    }

    /** What importance adds is λ times the gradient of CV²(m), by differences of its definition, h as it was drawn; h passes on as it is. */
    @ParameterizedTest
    @CsvSource({"1", "3"})
    void importanceIsTheGradientOfItsDefinition(double weight) {
        // straight-through: ∂L/∂a = ∂L/∂h, so that a bias's gradient is the mean of its column's
        String layer = "{ type = stochastic, units = 4, estimator = straight-through%s }";
        float[] plain = gradient(String.format(layer, ""), 6);
        float[] even = gradient(String.format(layer, ", sparsity { term = importance, weight = " + weight + " }"), 6);
        Network network = Networks.of(3, String.format(layer, ""), OUTPUT);
        Pass pass = network.bind(Networks.state(network, 6, 1), new GradientSink(network.layout()), BACKEND, BATCH);
        Draw.step(pass, Networks.random(BATCH, 3, 2, 6), 0);
        double[] means = new double[4];
        for (int r = 0; r < BATCH; r++) {
            for (int j = 0; j < 4; j++) {
                means[j] += pass.output(0).get(r, j) / BATCH;
            }
        }
        double[] expected = Enumeration.centralDifferences(means, m -> {
            double mean = Arrays.stream(m).average().orElseThrow();
            return weight
                    * Arrays.stream(m)
                            .map(v -> (v - mean) * (v - mean))
                            .average()
                            .orElseThrow()
                    / (mean * mean);
        });
        var biases = network.layout().segment("layer0.biases");
        double most = 0;
        for (int j = 0; j < 4; j++) {
            int at = biases.offset() + j;
            double bound = 2 * Rounding.of(Rounding.gradient(BATCH, 3, 4, 2), 1 + Math.abs(plain[at]))
                    // the differences' own error
                    + 1e-6;
            assertEquals(expected[j], even[at] - plain[at], bound);
            most = Math.max(most, Math.abs(expected[j]));
        }
        assertTrue(most > 0.01, "units of the same means prove nothing");
    }

    /** Where too many are open the weight grows by d, where too few are it shrinks by d, near the target it stays. */
    @ParameterizedTest
    @CsvSource({"100, 1.1", "-100, 0.9", "0, 1"})
    void l1sWeightFollowsTheTarget(double bias, double factor) {
        Network network = Networks.of(
                3,
                "{ type = stochastic, units = 4, law { type = noisy-rectifier, scale = 0 }, sparsity { target = 0.5,"
                        + " weight = 0.01 } }",
                OUTPUT);
        State state = new State(network.layout());
        network.initialise(state, 1);
        state.view("layer0.weights").fill(0f);
        state.view("layer0.biases").fill((float) bias);
        if (bias == 0) {
            state.view("layer0.biases").set(0, 1f);
            state.view("layer0.biases").set(1, 1f);
        }
        Draw.step(
                network.bind(state, new GradientSink(network.layout()), BACKEND, BATCH),
                Networks.random(BATCH, 3, 2, 5),
                0);
        // the weight, the factor and their product
        assertEquals(0.01 * factor, state.view("layer0.sparsity").get(0), Rounding.of(3, 0.01 * factor));
    }

    @Test
    void theLossIsThatOfTheNetworkAlone() {
        double[] losses = new double[2];
        for (int i = 0; i < 2; i++) {
            String sparsity = i == 0 ? "" : ", sparsity { weight = 10 }";
            Network network = Networks.of(3, "{ type = stochastic, units = 4" + sparsity + " }", OUTPUT);
            Pass pass = network.bind(Networks.state(network, 5, 1), new GradientSink(network.layout()), BACKEND, BATCH);
            Draw.step(pass, Networks.random(BATCH, 3, 2, 5), 0);
            losses[i] = pass.meanLoss();
        }
        assertEquals(losses[0], losses[1]);
    }
}

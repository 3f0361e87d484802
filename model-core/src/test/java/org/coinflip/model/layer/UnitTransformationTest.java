package org.coinflip.model.layer;

import static org.coinflip.model.layer.TransformedNetworks.BACKEND;
import static org.coinflip.model.layer.TransformedNetworks.BATCH;
import static org.coinflip.model.layer.TransformedNetworks.EXAMPLES;
import static org.coinflip.model.layer.TransformedNetworks.FORWARD;
import static org.coinflip.model.layer.TransformedNetworks.INPUTS;
import static org.coinflip.model.layer.TransformedNetworks.WIDEST;
import static org.coinflip.model.layer.TransformedNetworks.WIDTHS;
import static org.coinflip.model.layer.TransformedNetworks.inputs;
import static org.coinflip.model.layer.TransformedNetworks.learn;
import static org.coinflip.model.layer.TransformedNetworks.network;
import static org.coinflip.model.layer.TransformedNetworks.reference;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.oracle.TransformedReference;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What α, β and γ make of units, held to the transformation in double precision. */
@Tag("numerical")
class UnitTransformationTest {
    /** Roundings of a statistic of a batch. */
    private static final int STATISTIC = FORWARD + BATCH;

    /** ‖a − b‖ / ‖b‖ of the outputs of two networks. */
    private static double difference(TransformedReference a, TransformedReference b) {
        double off = 0;
        double all = 0;
        for (double[] x : inputs(EXAMPLES, 0, BATCH)) {
            double[] p = a.outputs(x);
            double[] q = b.outputs(x);
            for (int j = 0; j < p.length; j++) {
                off += (p[j] - q[j]) * (p[j] - q[j]);
                all += q[j] * q[j];
            }
        }
        return Math.sqrt(off / all);
    }

    @Test
    void theReferenceKeepsItsMappingTo12Digits() {
        State state = Networks.state(network(""), 3, 0.7);
        TransformedReference before = reference(state);
        TransformedReference after = reference(state);
        for (String estimated : new String[] {"αβ", "αβγ", "γ", "β"}) {
            Arrays.fill(after.estimated, estimated);
            after.transform(inputs(EXAMPLES, 0, BATCH));
            assertTrue(difference(after, before) < 1e-12);
        }
        after.rest();
        assertTrue(difference(after, before) < 1e-12);
        assertArrayEquals(before.weights[4][0][2], after.weights[4][0][2], 1e-12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", alpha = false", ", beta = false", ", gamma = true", ", memory = 0.5, gamma = true"})
    void plainUnitsInSinglePrecisionHaveTheMappingOfTheTransformedOnes(String keys) {
        Network network = network(keys);
        State state = Networks.state(network, 3, 0.7);
        float[] parameters = state.parameters().toArray();
        Pass pass = network.bind(state, new GradientSink(network.layout()), BACKEND, BATCH);
        for (int from : new int[] {0, 20, 40}) {
            learn(pass, EXAMPLES, from, 20);
            assertArrayEquals(parameters, state.parameters().toArray());
            double[] expected = allOutputs(reference(state).transformAs(state, 0));
            double[] bounds = Rounding.conditioning(
                    expected,
                    random -> allOutputs(reference(state).transformAs(state, 0).disturb(random, WIDEST)));
            float[] found = outputs(pass);
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], found[i], bounds[i], "output " + i);
            }
        }
    }

    private static double[] allOutputs(TransformedReference net) {
        return Arrays.stream(inputs(EXAMPLES, 0, BATCH))
                .flatMapToDouble(x -> Arrays.stream(net.outputs(x)))
                .toArray();
    }

    @Test
    void meanAndMeanSlopeAreNoughtAndTheirScalesAreBalanced() {
        Network network = network(", gamma = true, max-gamma = 1000");
        State state = Networks.state(network, 3, 0.7);
        Pass pass = network.bind(state, new GradientSink(network.layout()), BACKEND, BATCH);
        learn(pass, EXAMPLES, 0, BATCH);
        TransformedReference net = reference(state).transformAs(state, 0);
        double[][] inputs = inputs(EXAMPLES, 0, BATCH);
        for (int l = 1; l < WIDTHS.length - 1; l++) {
            for (int j = 0; j < WIDTHS[l]; j++) {
                double squares = 0;
                double slopeSquares = 0;
                for (double[] x : inputs) {
                    double u = net.preActivations(x)[l][j];
                    squares += Math.pow(net.value(l, j, u), 2) / BATCH;
                    slopeSquares += Math.pow(net.slope(l, j, u), 2) / BATCH;
                }
                double[] off = assertMeansAreNought(net, l, j);
                // a root mean square is off by no more than what is squared; each counts twice in its square
                double part = 2 * (off[0] / Math.sqrt(squares) + off[1] / Math.sqrt(slopeSquares));
                assertEquals(1, squares * slopeSquares, part);
                assertTrue(part < 0.01, "too near to linear to tell: " + part);
                assertTrue(net.alpha[l][j] >= -1 && net.alpha[l][j] < 0);
            }
        }
    }

    /** Of γ and the means with it, m = mean f² and s = mean f'²: γ⁴ (ms/γ⁴ + ε) = 1, and γ² (m/γ² + ε) = 1. */
    @ParameterizedTest
    @CsvSource({"balanced, 1e-4", "balanced, 0.01", "unit-variance, 0", "unit-variance, 0.01"})
    void gammaIsItsRules(String rule, double epsilon) {
        Network network =
                network(", gamma = true, max-gamma = 1000, gamma-rule = " + rule + ", gamma-epsilon = " + epsilon);
        State state = Networks.state(network, 3, 0.7);
        learn(network.bind(state, new GradientSink(network.layout()), BACKEND, BATCH), EXAMPLES, 0, BATCH);
        TransformedReference net = reference(state).transformAs(state, 0);
        double[][] inputs = inputs(EXAMPLES, 0, BATCH);
        for (int l = 1; l < WIDTHS.length - 1; l++) {
            for (int j = 0; j < WIDTHS[l]; j++) {
                double squares = 0;
                double slopeSquares = 0;
                for (double[] x : inputs) {
                    double u = net.preActivations(x)[l][j];
                    squares += Math.pow(net.value(l, j, u), 2) / BATCH;
                    slopeSquares += Math.pow(net.slope(l, j, u), 2) / BATCH;
                }
                double gamma = net.gamma[l][j];
                double one = rule.equals("balanced")
                        ? squares * slopeSquares + Math.pow(gamma, 4) * epsilon
                        : squares + gamma * gamma * epsilon;
                double[] off = assertMeansAreNought(net, l, j);
                double part = 2 * (off[0] / Math.sqrt(squares) + off[1] / Math.sqrt(slopeSquares));
                assertEquals(1, one, part);
                assertTrue(part < 0.01, "too near to linear to tell: " + part);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"TANH", "SIGMOID", "RELU", "SOFTPLUS"})
    void everyActivationIsTransformedByTheSameRule(Activation activation) {
        Network network = network(", activation = " + Section.name(activation));
        State state = Networks.state(network, 4, 0.7);
        learn(network.bind(state, new GradientSink(network.layout()), BACKEND, BATCH), EXAMPLES, 0, BATCH);
        TransformedReference net = new TransformedReference(WIDTHS, unit(activation), slope(activation))
                .read(state, 0)
                .transformAs(state, 0);
        for (int l = 1; l < WIDTHS.length - 1; l++) {
            for (int j = 0; j < WIDTHS[l]; j++) {
                assertMeansAreNought(net, l, j);
            }
        }
    }

    /** Holds the mean of f and of f' to what the rounding of their terms leaves, which it returns. */
    private static double[] assertMeansAreNought(TransformedReference net, int l, int j) {
        double mean = 0;
        double slope = 0;
        double magnitude = 0;
        double slopeMagnitude = 0;
        double gamma = net.gamma[l][j];
        for (double[] x : inputs(EXAMPLES, 0, BATCH)) {
            double u = net.preActivations(x)[l][j];
            mean += net.value(l, j, u) / BATCH;
            slope += net.slope(l, j, u) / BATCH;
            double linear = Math.abs(net.alpha[l][j] * u) + Math.abs(net.beta[l][j]);
            magnitude += (Math.abs(net.value(l, j, u)) + 2 * gamma * linear) / BATCH;
            slopeMagnitude += (Math.abs(net.slope(l, j, u)) + 2 * gamma * Math.abs(net.alpha[l][j])) / BATCH;
        }
        double[] off = {Rounding.of(STATISTIC, magnitude), Rounding.of(STATISTIC, slopeMagnitude)};
        assertEquals(0, mean, off[0]);
        assertEquals(0, slope, off[1]);
        return off;
    }

    private static DoubleUnaryOperator unit(Activation activation) {
        return switch (activation) {
            case TANH -> Math::tanh;
            case SIGMOID -> u -> 1 / (1 + Math.exp(-u));
            case RELU -> u -> Math.max(0, u);
            default -> u -> Math.log1p(Math.exp(u));
        };
    }

    private static DoubleUnaryOperator slope(Activation activation) {
        return switch (activation) {
            case TANH -> u -> 1 - Math.tanh(u) * Math.tanh(u);
            case SIGMOID -> u -> Math.exp(-u) / Math.pow(1 + Math.exp(-u), 2);
            case RELU -> u -> u > 0 ? 1 : 0;
            default -> u -> 1 / (1 + Math.exp(-u));
        };
    }

    private static float[] outputs(Pass pass) {
        pass.load(EXAMPLES, Networks.places(BATCH), BATCH);
        pass.context().setNoise(Mode.MEANS, 1, 0, 0);
        pass.forward();
        float[] all = new float[BATCH * 3];
        for (int r = 0; r < BATCH; r++) {
            for (int j = 0; j < 3; j++) {
                all[r * 3 + j] = pass.output().get(r, j);
            }
        }
        return all;
    }

    /**
     * E[f(u) x] = b E[f'(u)] for zero-mean Gaussian inputs (Stein): with the slope's mean at zero, the block of the Fisher matrix of
     * outgoing weights and shortcuts vanishes. 20,000 inputs; every entry within 5 standard errors, which one in 70,000 sets of 35 entries
     * misses; without α some entries are off by far more.
     */
    @Test
    void outgoingWeightsAndShortcutsShareNoFisherInformationUnderGaussianInputs() {
        int n = 20_000;
        Examples gaussian = Networks.random(n, INPUTS, 3, 8);
        double[] greatest = new double[2];
        for (int variant = 0; variant < 2; variant++) {
            Network network = network(variant == 0 ? "" : ", alpha = false");
            State state = Networks.state(network, 3, 0.7);
            Pass pass = network.bind(state, new GradientSink(network.layout()), BACKEND, n);
            learn(pass, gaussian, 0, n);
            TransformedReference net = reference(state).transformAs(state, 0);
            double[][] units = new double[n][];
            for (int t = 0; t < n; t++) {
                units[t] = net.preActivations(inputs(gaussian, t, 1)[0])[1];
            }
            for (int j = 0; j < 7; j++) {
                for (int k = 0; k < INPUTS; k++) {
                    double sum = 0;
                    double squares = 0;
                    for (int t = 0; t < n; t++) {
                        double product = net.value(1, j, units[t][j]) * gaussian.feature(t, k);
                        sum += product;
                        squares += product * product;
                    }
                    double errors = Math.abs(sum) / Math.sqrt(squares);
                    greatest[variant] = Math.max(greatest[variant], errors);
                }
            }
        }
        assertTrue(greatest[0] < 5, "with α: " + greatest[0]);
        assertTrue(greatest[1] > 20, "without α: " + greatest[1]);
    }

    @Test
    void gammaStopsAtItsLimit() {
        Network network = network(", gamma = true, max-gamma = 3");
        State state = Networks.state(network, 3, 1e-3);
        Pass pass = network.bind(state, new GradientSink(network.layout()), BACKEND, BATCH);
        learn(pass, EXAMPLES, 0, BATCH);
        for (int j = 0; j < 7; j++) {
            assertEquals(3f, state.view("layer0.gamma").get(j));
        }
        assertTrue(state.isFinite());
    }

    @Test
    void aBatchOfOneLeavesTheTransformationAsItIs() {
        Network network = network(", gamma = true");
        State state = Networks.state(network, 3, 0.7);
        Pass pass = network.bind(state, new GradientSink(network.layout()), BACKEND, BATCH);
        learn(pass, EXAMPLES, 0, BATCH);
        float[] before = state.values().toArray();
        learn(pass, EXAMPLES, 7, 1);
        assertArrayEquals(before, state.values().toArray());
    }

    @Test
    void runningAveragesForgetSlowly() {
        Network each = network("");
        Network running = network(", memory = 0.75");
        State state = Networks.state(each, 3, 0.7);
        State averaged = Networks.state(running, 3, 0.7);
        learn(each.bind(state, new GradientSink(each.layout()), BACKEND, BATCH), EXAMPLES, 0, BATCH);
        learn(running.bind(averaged, new GradientSink(running.layout()), BACKEND, BATCH), EXAMPLES, 0, BATCH);
        for (int j = 0; j < 7; j++) {
            // from 0, and a quarter: nothing is rounded
            assertEquals(
                    0.25f * state.view("layer0.alpha").get(j),
                    averaged.view("layer0.alpha").get(j));
        }
    }
}

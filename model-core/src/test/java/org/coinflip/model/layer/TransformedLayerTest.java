package org.coinflip.model.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Activation;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Mode;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.GradientVector;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.TransformedReference;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.Progress;
import org.coinflip.model.training.Schedule;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.UpdaterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransformedLayerTest {
    private static final Backend BACKEND = Backend.detect();
    private static final int BATCH = 60;
    private static final int INPUTS = 5;
    private static final int[] WIDTHS = {INPUTS, 7, 6, 4, 3};
    private static final Examples EXAMPLES = Networks.random(BATCH, INPUTS, 3, 5);

    private static Network network(String keys) {
        return Networks.of(
                INPUTS,
                "{ type = transformed, units = 7 " + keys + " }",
                "{ type = transformed, units = 6 " + keys + " }",
                "{ type = transformed, units = 4 " + keys + " }",
                "{ type = output, units = 3 }");
    }

    /** Goes forward and backward, and has the sink told the step, for which units are transformed. */
    private static void learn(Pass pass, Examples examples, int from, int count) {
        int[] places = new int[count];
        for (int i = 0; i < count; i++) {
            places[i] = from + i;
        }
        pass.load(examples, places, count);
        pass.context().setNoise(Mode.TRAIN, 1, 0, 0);
        pass.forward();
        pass.backward();
        pass.accumulate();
    }

    private static double[][] inputs(Examples examples, int from, int count) {
        double[][] inputs = new double[count][examples.width()];
        for (int t = 0; t < count; t++) {
            for (int i = 0; i < examples.width(); i++) {
                inputs[t][i] = examples.feature(from + t, i);
            }
        }
        return inputs;
    }

    private static int[] labels(Examples examples, int from, int count) {
        int[] labels = new int[count];
        for (int t = 0; t < count; t++) {
            labels[t] = examples.label(from + t);
        }
        return labels;
    }

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

    private static TransformedReference reference(State state) {
        return TransformedReference.tanh(WIDTHS).read(state, 0);
    }

    private static Learner learner(Network network, double rate, int batch) {
        return new Learner(
                network, new TrainingSpec(batch, 1, UpdaterSpec.sgd(rate), Schedule.CONSTANT, 0, 0), BACKEND, 1);
    }

    @Test
    void theReferenceKeepsItsMappingTo12Digits() {
        State state = Networks.state(network(""), 3, 0.7);
        TransformedReference before = reference(state);
        TransformedReference after = reference(state);
        for (String estimated : new String[] {"αβ", "αβγ", "γ", "β"}) {
            java.util.Arrays.fill(after.estimated, estimated);
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
        Pass pass = network.bind(state, new GradientVector(network), BACKEND, BATCH);
        for (int from : new int[] {0, 20, 40}) {
            learn(pass, EXAMPLES, from, 20);
            assertArrayEquals(parameters, state.parameters().toArray());
            TransformedReference net = reference(state).transformAs(state, 0);
            float[] found = outputs(pass);
            double off = 0;
            double all = 0;
            for (int r = 0; r < BATCH; r++) {
                double[] expected = net.outputs(inputs(EXAMPLES, r, 1)[0]);
                for (int j = 0; j < expected.length; j++) {
                    off += Math.pow(found[r * expected.length + j] - expected[j], 2);
                    all += expected[j] * expected[j];
                }
            }
            assertTrue(Math.sqrt(off / all) < 1e-6);
        }
    }

    @Test
    void meanAndMeanSlopeAreNoughtAndTheirScalesAreBalanced() {
        Network network = network(", gamma = true, max-gamma = 1000");
        State state = Networks.state(network, 3, 0.7);
        Pass pass = network.bind(state, new GradientVector(network), BACKEND, BATCH);
        learn(pass, EXAMPLES, 0, BATCH);
        TransformedReference net = reference(state).transformAs(state, 0);
        double[][] inputs = inputs(EXAMPLES, 0, BATCH);
        for (int l = 1; l < WIDTHS.length - 1; l++) {
            for (int j = 0; j < WIDTHS[l]; j++) {
                double mean = 0;
                double slope = 0;
                double squares = 0;
                double slopeSquares = 0;
                for (double[] x : inputs) {
                    double u = net.preActivations(x)[l][j];
                    mean += net.value(l, j, u) / BATCH;
                    slope += net.slope(l, j, u) / BATCH;
                    squares += Math.pow(net.value(l, j, u), 2) / BATCH;
                    slopeSquares += Math.pow(net.slope(l, j, u), 2) / BATCH;
                }
                assertEquals(0, mean, 2e-6 * net.gamma[l][j]);
                assertEquals(0, slope, 2e-6 * net.gamma[l][j]);
                assertEquals(1, squares * slopeSquares, 1e-3);
                assertTrue(net.alpha[l][j] >= -1 && net.alpha[l][j] < 0);
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
        learn(network.bind(state, new GradientVector(network), BACKEND, BATCH), EXAMPLES, 0, BATCH);
        TransformedReference net = new TransformedReference(WIDTHS, unit(activation), slope(activation))
                .read(state, 0)
                .transformAs(state, 0);
        for (int l = 1; l < WIDTHS.length - 1; l++) {
            for (int j = 0; j < WIDTHS[l]; j++) {
                double mean = 0;
                double slope = 0;
                for (double[] x : inputs(EXAMPLES, 0, BATCH)) {
                    double u = net.preActivations(x)[l][j];
                    mean += net.value(l, j, u) / BATCH;
                    slope += net.slope(l, j, u) / BATCH;
                }
                assertEquals(0, mean, 2e-6);
                assertEquals(0, slope, 2e-6);
            }
        }
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

    /** What the sink is given is how the plain units' weights move when the transformed network's go along their gradient. */
    @ParameterizedTest
    @ValueSource(strings = {"", ", gamma = true", ", alpha = false, beta = false", ", alpha = false", ", beta = false"})
    void stepsMatchDifferencesWithTheTransformationHeldFixed(String keys) {
        Network network = network(keys);
        State state = Networks.state(network, 3, 0.7);
        GradientVector gradient = new GradientVector(network);
        Pass pass = network.bind(state, gradient, BACKEND, BATCH);
        learn(pass, EXAMPLES, 0, BATCH);
        double[][] inputs = inputs(EXAMPLES, 0, BATCH);
        int[] labels = labels(EXAMPLES, 0, BATCH);
        double rate = 1e-4;
        TransformedReference up = reference(state).transformAs(state, 0);
        assertEquals(up.loss(inputs, labels), pass.meanLoss(), 1e-5);
        up.descend(inputs, labels, -rate);
        up.rest();
        TransformedReference down = reference(state).transformAs(state, 0);
        down.descend(inputs, labels, rate);
        down.rest();
        for (int l = 1; l < WIDTHS.length; l++) {
            for (int m = 0; m < l; m++) {
                String name = "layer" + (l - 1) + (m == l - 1 ? ".weights" : ".shortcut" + m);
                Segment segment = network.layout().segment(name);
                Matrix found =
                        Matrix.dense(gradient.target().view(segment.offset(), segment.length()), WIDTHS[m], WIDTHS[l]);
                for (int i = 0; i < WIDTHS[m]; i++) {
                    for (int j = 0; j < WIDTHS[l]; j++) {
                        double expected = (up.weights[l][m][i][j] - down.weights[l][m][i][j]) / (2 * rate);
                        double got = segment.rateScale() * found.get(i, j);
                        assertEquals(expected, got, 2e-5 * (1 + Math.abs(expected)), name);
                    }
                }
            }
            Segment segment = network.layout().segment("layer" + (l - 1) + ".biases");
            for (int j = 0; j < WIDTHS[l]; j++) {
                double expected = (up.biases[l][j] - down.biases[l][j]) / (2 * rate);
                double got = gradient.target().get(segment.offset() + j);
                assertEquals(expected, got, 2e-5 * (1 + Math.abs(expected)));
            }
        }
    }

    /**
     * To the last digits, so that parts of second order in the rate are there too; with more and with fewer rows than outputs, a last batch
     * that is smaller, layers that differ in what is estimated, and layers' own rates.
     *
     * @param estimated of "αβγ", those of each transformed layer
     * @param rates factors of each layer
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "αβ, αβ, αβ | 1, 1, 1, 1 | 20",
                "αβγ, αβγ, αβγ | 1, 1, 1, 1 | 20",
                "αβ, αβ, αβ | 1, 1, 1, 1 | 2",
                "α, β, αβγ | 1, 1, 1, 1 | 20",
                "-, αβ, αβ | 1, 1, 1, 1 | 20",
                "αβ, -, αβ | 1, 1, 1, 1 | 20",
                "αβγ, αβ, - | 1, 1, 1, 1 | 20",
                "γ, γ, γ | 1, 1, 1, 1 | 20",
                "αβγ, αβ, αβ | 2, 0.5, 1, 0.3 | 20",
                "αβ, αβ, αβ | 0, 1, 0.7, 1 | 20"
            })
    void stepsAreThoseOfThePaperInDoublePrecision(String estimated, String rates, int batch) {
        String[] of = estimated.split(", ");
        double[] scales = java.util.Arrays.stream(rates.split(", "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        String[] layers = new String[4];
        for (int l = 0; l < 3; l++) {
            layers[l] =
                    "{ type = transformed, units = " + WIDTHS[l + 1] + ", alpha = " + of[l].contains("α") + ", beta = "
                            + of[l].contains("β") + ", gamma = " + of[l].contains("γ")
                            + ", max-gamma = 1000, learning-rate-scale = " + scales[l]
                            + " }";
        }
        layers[3] = "{ type = output, units = 3, learning-rate-scale = " + scales[3] + " }";
        Network network = Networks.of(INPUTS, layers);
        Learner learner = learner(network, 0.3, batch);
        learner.state().values().set(Networks.state(network, 3, 0.7).values());
        TransformedReference net = reference(learner.state());
        for (int l = 0; l < 4; l++) {
            net.rates[l + 1] = scales[l];
            net.estimated[l + 1] = l < 3 ? of[l] : "";
        }
        for (int step = 0; step < 6; step++) {
            int from = step % 3 * batch;
            int count = step == 5 && batch > 2 ? 7 : batch;
            int[] places = new int[batch];
            for (int i = 0; i < count; i++) {
                places[i] = from + i;
            }
            learner.step(EXAMPLES, places, count, new Progress(100, 1).at(step));
            net.transform(inputs(EXAMPLES, from, count));
            net.descend(inputs(EXAMPLES, from, count), labels(EXAMPLES, from, count), 0.3);
        }
        TransformedReference found = reference(learner.state());
        net.rest();
        assertTrue(difference(found, net) < 1e-5, "off by " + difference(found, net));
        for (int l = 1; l < WIDTHS.length; l++) {
            for (int m = 0; m < l; m++) {
                for (int i = 0; i < WIDTHS[m]; i++) {
                    agree(net.weights[l][m][i], found.weights[l][m][i], l + " from " + m);
                }
            }
            agree(net.biases[l], found.biases[l], "biases " + l);
        }
    }

    private static void agree(double[] expected, double[] found, String name) {
        for (int j = 0; j < expected.length; j++) {
            assertEquals(expected[j], found[j], 1e-5 * (1 + Math.abs(expected[j])), name);
        }
    }

    /**
     * E[f(u) x] = b E[f'(u)] for zero-mean Gaussian inputs (Stein): with the slope's mean at nought, the block of the Fisher matrix of
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
            Pass pass = network.bind(state, new GradientVector(network), BACKEND, n);
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

    @ParameterizedTest
    @ValueSource(strings = {"", ", memory = 0.9"})
    void aUnitThatDoesNotVaryStaysFinite(String keys) {
        Network network = network(keys + ", gamma = true, max-gamma = 100");
        Learner learner = learner(network, 0.1, BATCH);
        learner.state().values().set(Networks.state(network, 3, 0.7).values());
        for (String dead : new String[] {"layer0.weights", "layer2.weights", "layer2.shortcut0", "layer2.shortcut1"}) {
            Matrix weights = learner.state().matrix(dead);
            for (int i = 0; i < weights.rows(); i++) {
                weights.set(i, 1, 0f);
            }
        }
        // saturated: tanh and its slope are constants to the last digit
        learner.state().view("layer1.biases").set(2, 60f);
        for (int step = 0; step < 200; step++) {
            learner.step(EXAMPLES, Networks.places(BATCH), BATCH, new Progress(200, 1).at(step));
        }
        assertTrue(learner.state().isFinite());
    }

    @Test
    void gammaStopsAtItsLimit() {
        Network network = network(", gamma = true, max-gamma = 3");
        State state = Networks.state(network, 3, 1e-3);
        Pass pass = network.bind(state, new GradientVector(network), BACKEND, BATCH);
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
        Pass pass = network.bind(state, new GradientVector(network), BACKEND, BATCH);
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
        learn(each.bind(state, new GradientVector(each), BACKEND, BATCH), EXAMPLES, 0, BATCH);
        learn(running.bind(averaged, new GradientVector(running), BACKEND, BATCH), EXAMPLES, 0, BATCH);
        for (int j = 0; j < 7; j++) {
            assertEquals(
                    0.25 * state.view("layer0.alpha").get(j),
                    averaged.view("layer0.alpha").get(j),
                    1e-6);
        }
    }

    @Test
    void shortcutsStartAtNoughtAndLearnSlowerTheMoreTheySkip() {
        Network network = network("");
        State state = new State(network.layout());
        network.initialise(state, 1);
        for (Segment segment : network.layout().segments()) {
            boolean shortcut = segment.name().contains("shortcut");
            if (shortcut) {
                assertArrayEquals(
                        new float[segment.length()], state.view(segment).toArray());
            }
        }
        assertEquals(0.125, network.layout().segment("layer3.shortcut0").rateScale());
        assertEquals(0.25, network.layout().segment("layer3.shortcut1").rateScale());
        assertEquals(0.5, network.layout().segment("layer2.shortcut1").rateScale());
        assertEquals(1, network.layout().segment("layer3.weights").rateScale());
    }

    @Test
    void anAutoencoderHasShortcutsOnEitherSideOfItsCodeAndNoneAcross() {
        Network network = Networks.of(
                9,
                "{ type = transformed, units = 7 }",
                "{ type = dense, units = 2 }",
                "{ type = transformed, units = 6 }",
                "{ type = output, units = 9, objective = gaussian-reconstruction }");
        assertEquals(9, network.layout().segment("layer1.shortcut0").rows());
        assertEquals(2, network.layout().segment("layer2.weights").rows());
        assertEquals(2, network.layout().segment("layer3.shortcut0").rows());
        assertTrue(network.layout().segments().stream().noneMatch(s -> s.name().equals("layer3.shortcut1")));
        Learner learner = learner(network, 0.02, BATCH);
        network.initialise(learner.state(), 1);
        Examples examples = Networks.random(BATCH, 9, 3, new Random(4).nextInt());
        double first = learner.step(examples, Networks.places(BATCH), BATCH, new Progress(200, 1).at(0));
        double last = first;
        for (int step = 1; step < 200; step++) {
            last = learner.step(examples, Networks.places(BATCH), BATCH, new Progress(200, 1).at(step));
        }
        assertTrue(last < 0.9 * first, first + " to " + last);
    }

    @Test
    void otherLayersAboveAreRefused() {
        UsageException e = assertThrows(
                UsageException.class,
                () -> Networks.of(
                        4, "{ type = transformed, units = 3 }", "{ type = dropout }", "{ type = output, units = 2 }"));
        assertTrue(e.getMessage().contains("network.layers[1]: got dropout above a transformed layer"), e.getMessage());
        assertThrows(
                UsageException.class,
                () -> Networks.of(
                        4, "{ type = transformed, units = 3, activation = linear }", "{ type = output, units = 2 }"));
    }
}

package org.coinflip.model.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.oracle.TransformedReference;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.GradientSink;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Progress;
import org.coinflip.model.training.updater.Schedule;
import org.coinflip.model.training.updater.UpdaterSpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("numerical")
class TransformedLayerTest {
    private static final Backend BACKEND = Backend.detect();
    private static final int BATCH = 60;
    private static final int INPUTS = 5;
    private static final int[] WIDTHS = {INPUTS, 7, 6, 4, 3};
    /** Numbers that a layer reads, by shortcuts too. */
    private static final int[] READS = {5, 5 + 7, 5 + 7 + 6, 5 + 7 + 6 + 4};

    /** Roundings of the widest sum, and from the inputs to the outputs. */
    private static final int WIDEST = READS[3] + 1 + Rounding.FUNCTION;

    private static final int FORWARD = Arrays.stream(READS).sum() + READS.length * (1 + Rounding.FUNCTION);

    /** Roundings of a statistic of a batch, and of a gradient. */
    private static final int STATISTIC = FORWARD + BATCH;

    private static final int GRADIENT = 2 * FORWARD + BATCH;
    private static final int STEPS = 6;
    private static final double RATE = 0.3;
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

    /** What the sink is given is how the plain units' weights move when the transformed network's go along their gradient. */
    @ParameterizedTest
    @ValueSource(strings = {"", ", gamma = true", ", alpha = false, beta = false", ", alpha = false", ", beta = false"})
    void stepsMatchDifferencesWithTheTransformationHeldFixed(String keys) {
        Network network = network(keys);
        State state = Networks.state(network, 3, 0.7);
        GradientSink gradient = new GradientSink(network.layout());
        Pass pass = network.bind(state, gradient, BACKEND, BATCH);
        learn(pass, EXAMPLES, 0, BATCH);
        double[][] inputs = inputs(EXAMPLES, 0, BATCH);
        int[] labels = labels(EXAMPLES, 0, BATCH);
        double rate = 1e-4;
        TransformedReference up = reference(state).transformAs(state, 0);
        double loss = up.loss(inputs, labels);
        assertEquals(loss, pass.meanLoss(), Rounding.of(FORWARD + WIDEST, 1 + loss));
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
                        assertEquals(expected, got, Rounding.of(GRADIENT, 1 + Math.abs(expected)), name);
                    }
                }
            }
            Segment segment = network.layout().segment("layer" + (l - 1) + ".biases");
            for (int j = 0; j < WIDTHS[l]; j++) {
                double expected = (up.biases[l][j] - down.biases[l][j]) / (2 * rate);
                double got = gradient.target().get(segment.offset() + j);
                assertEquals(expected, got, Rounding.of(GRADIENT, 1 + Math.abs(expected)));
            }
        }
    }

    /**
     * To what the steps' conditioning leaves of single precision, so that parts of second order in the rate are there too; with more and with fewer rows than outputs, a last batch
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
        double[] scales = Arrays.stream(rates.split(", "))
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
        Learner learner = learner(network, RATE, batch);
        State start = Networks.state(network, 3, 0.7);
        learner.state().set(start);
        for (int step = 0; step < STEPS; step++) {
            int[] places = places(step, batch);
            learner.step(EXAMPLES, Arrays.copyOf(places, batch), places.length, new Progress(100, 1).at(step));
        }
        double[] expected = stepped(reference(start), of, scales, batch);
        double[] bounds = Rounding.conditioning(
                expected, random -> stepped(reference(start).disturb(random, WIDEST + batch), of, scales, batch));
        double[] found = reference(learner.state()).parameters();
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i], bounds[i], "number " + i);
            assertTrue(bounds[i] < 1e-3 * (1 + Math.abs(expected[i])), "ill-conditioned: " + bounds[i]);
        }
    }

    /** Numbers of the examples of a step's batch; the last is smaller. */
    private static int[] places(int step, int batch) {
        int from = step % 3 * batch;
        int count = step == STEPS - 1 && batch > 2 ? 7 : batch;
        return IntStream.range(from, from + count).toArray();
    }

    /** The weights and biases, those of plain units, after the steps of the learner. */
    private static double[] stepped(TransformedReference net, String[] estimated, double[] scales, int batch) {
        for (int l = 0; l < 4; l++) {
            net.rates[l + 1] = scales[l];
            net.estimated[l + 1] = l < 3 ? estimated[l] : "";
        }
        for (int step = 0; step < STEPS; step++) {
            int[] places = places(step, batch);
            net.transform(inputs(EXAMPLES, places[0], places.length));
            net.descend(inputs(EXAMPLES, places[0], places.length), labels(EXAMPLES, places[0], places.length), RATE);
        }
        net.rest();
        return net.parameters();
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

    @ParameterizedTest
    @ValueSource(strings = {"", ", memory = 0.9"})
    void aUnitThatDoesNotVaryStaysFinite(String keys) {
        Network network = network(keys + ", gamma = true, max-gamma = 100");
        Learner learner = learner(network, 0.1, BATCH);
        learner.state().set(Networks.state(network, 3, 0.7));
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

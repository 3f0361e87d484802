package org.coinflip.model.layer;

import static org.coinflip.model.layer.TransformedNetworks.BACKEND;
import static org.coinflip.model.layer.TransformedNetworks.BATCH;
import static org.coinflip.model.layer.TransformedNetworks.EXAMPLES;
import static org.coinflip.model.layer.TransformedNetworks.FORWARD;
import static org.coinflip.model.layer.TransformedNetworks.INPUTS;
import static org.coinflip.model.layer.TransformedNetworks.WIDEST;
import static org.coinflip.model.layer.TransformedNetworks.WIDTHS;
import static org.coinflip.model.layer.TransformedNetworks.inputs;
import static org.coinflip.model.layer.TransformedNetworks.labels;
import static org.coinflip.model.layer.TransformedNetworks.learn;
import static org.coinflip.model.layer.TransformedNetworks.learner;
import static org.coinflip.model.layer.TransformedNetworks.network;
import static org.coinflip.model.layer.TransformedNetworks.reference;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.oracle.TransformedReference;
import org.coinflip.model.training.GradientSink;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.updater.Progress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps of transformed layers, held to the paper's in double precision. */
@Tag("numerical")
class TransformedStepTest {
    /** Roundings of a gradient. */
    private static final int GRADIENT = 2 * FORWARD + BATCH;

    private static final int STEPS = 6;
    private static final double RATE = 0.3;

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
}

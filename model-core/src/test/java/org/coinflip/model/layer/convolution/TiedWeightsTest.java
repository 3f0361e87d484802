package org.coinflip.model.layer.convolution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.kernel.operation.Window;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Layers whose units read windows, held to layers whose units read everything: a convolution is a dense layer most of whose weights are zero and
 * whose others are equal for all places. The units, their noise and their estimators are then the same, and the gradient of a weight of the
 * convolution is the sum of those of the weights that are equal to it.
 */
@Tag("numerical")
class TiedWeightsTest {
    private static final int BATCH = 6;
    private static final int CLASSES = 3;
    private static final Backend PORTABLE = Backend.of(KernelChoice.usual(Arithmetic.PORTABLE));
    private static final String OUTPUT = "{ type = output, units = 3 }";

    private static Pass step(Network network, State state, GradientSink gradient, Examples examples) {
        Pass pass = network.bind(state, gradient, PORTABLE, BATCH);
        pass.load(examples, Networks.places(BATCH), BATCH);
        pass.context().setNoise(Mode.TRAIN, 12, 3, 0);
        pass.forward();
        pass.backward();
        pass.accumulate();
        return pass;
    }

    private interface Tie {
        /** A weight of the convolution is the dense layer's from an input to a unit. */
        void visit(int tap, int channel, int input, int unit);
    }

    private static void ties(Window window, int channels, Tie tie) {
        for (int y = 0; y < window.outHeight(); y++) {
            for (int x = 0; x < window.outWidth(); x++) {
                for (int i = 0; i < window.kernelHeight(); i++) {
                    for (int j = 0; j < window.kernelWidth(); j++) {
                        int line = y * window.stride() + i - window.padding();
                        int column = x * window.stride() + j - window.padding();
                        boolean inside = line >= 0 && line < window.height() && column >= 0 && column < window.width();
                        for (int c = 0; inside && c < window.channels(); c++) {
                            for (int k = 0; k < channels; k++) {
                                tie.visit(
                                        (i * window.kernelWidth() + j) * window.channels() + c,
                                        k,
                                        (line * window.width() + column) * window.channels() + c,
                                        (y * window.outWidth() + x) * channels + k);
                            }
                        }
                    }
                }
            }
        }
    }

    private static void agree(Window window, int channels, String maps, String dense) {
        // a layer below, so that the gradient with respect to the input counts too
        String below = "{ type = dense, units = " + window.picture() + ", activation = tanh }";
        Network tied = Networks.of(4, below, maps, OUTPUT);
        Network full = Networks.of(4, below, dense, OUTPUT);
        State few = Networks.state(tied, 5, 0.5);
        State many = new State(full.layout());
        full.initialise(many, 1);
        for (int layer : new int[] {0, 2}) {
            for (String name : new String[] {"weights", "biases"}) {
                many.view("layer" + layer + "." + name).set(few.view("layer" + layer + "." + name));
            }
        }
        Matrix kernel = few.matrix("layer1.weights");
        Matrix toeplitz = many.matrix("layer1.weights");
        toeplitz.floats().fill(0f);
        ties(window, channels, (tap, k, input, unit) -> toeplitz.set(input, unit, kernel.get(tap, k)));
        for (int u = 0; u < window.positions() * channels; u++) {
            many.view("layer1.biases").set(u, few.view("layer1.biases").get(u % channels));
        }
        // what is learned besides is each unit's
        for (Segment segment : tied.layout().segments()) {
            if (segment.name().startsWith("layer1.")
                    && !segment.name().endsWith("weights")
                    && !segment.name().endsWith("biases")) {
                many.view(segment.name()).set(few.view(segment));
            }
        }
        Examples examples = Networks.random(BATCH, 4, CLASSES, 3);
        GradientSink one = new GradientSink(tied.layout());
        GradientSink other = new GradientSink(full.layout());
        Pass passed = step(tied, few, one, examples);
        Pass expected = step(full, many, other, examples);
        double tolerance = 2 * Rounding.of(200, 10);
        assertEquals(expected.meanLoss(), passed.meanLoss(), tolerance);

        double[][] weights = new double[window.patch()][channels];
        Matrix fullWeights = other.targetMatrix(full.layout().segment("layer1.weights"));
        ties(window, channels, (tap, k, input, unit) -> weights[tap][k] += fullWeights.get(input, unit));
        Matrix tiedWeights = one.targetMatrix(tied.layout().segment("layer1.weights"));
        double largest = 0;
        for (int tap = 0; tap < window.patch(); tap++) {
            for (int k = 0; k < channels; k++) {
                assertEquals(weights[tap][k], tiedWeights.get(tap, k), tolerance, "tap " + tap + ", channel " + k);
                largest = Math.max(largest, Math.abs(weights[tap][k]));
            }
        }
        assertTrue(largest > 0.001, "a gradient of nothing proves nothing: " + largest);
        double[] biases = new double[channels];
        for (int u = 0; u < window.positions() * channels; u++) {
            biases[u % channels] +=
                    other.target(full.layout().segment("layer1.biases")).get(u);
        }
        for (int k = 0; k < channels; k++) {
            float bias = one.target(tied.layout().segment("layer1.biases")).get(k);
            assertEquals(biases[k], bias, tolerance);
        }
        for (String segment : new String[] {"layer0.weights", "layer2.weights"}) {
            for (int i = 0; i < tied.layout().segment(segment).length(); i++) {
                float below0 = one.target(tied.layout().segment(segment)).get(i);
                float full0 = other.target(full.layout().segment(segment)).get(i);
                assertEquals(full0, below0, tolerance, segment + " " + i);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 0", "1, 1, 2", "1, 2, 1", "2, 1, 0", "3, 2, 1", "16, 1, 1", "17, 3, 2"})
    void aConvolutionIsADenseLayerOfTiedWeights(int below, int stride, int padding) {
        Window window = new Window(5, 6, below, 3, 3, stride, padding);
        String geometry = "type = conv, image = [5, 6, " + below + "], order = channels-last, kernel = 3, stride = "
                + stride + ", padding = " + padding;
        int channels = 4;
        int units = window.positions() * channels;
        for (String keys : new String[] {
            "activation = tanh",
            "activation = relu",
            "estimator { type = straight-through, derivative = sigmoid }",
            "law = stochastic-times-smooth"
        }) {
            String type = keys.startsWith("activation") ? "dense" : "stochastic";
            agree(
                    window,
                    channels,
                    "{ " + geometry + ", channels = " + channels + ", " + keys + " }",
                    "{ type = " + type + ", units = " + units + ", " + keys + " }");
        }
        agree(
                window,
                channels,
                "{ " + geometry + ", channels = 2, pieces = 2 }",
                "{ type = maxout, units = " + units / 2 + ", pieces = 2 }");
    }

    /** Of every kind: from the loss alone, with several samples, with probes, with the derivative; other laws. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "estimator = straight-through",
                "estimator { type = reinforce, baseline = none }",
                "estimator = reinforce",
                "estimator = disarm",
                "estimator { type = rloo, samples = 3 }",
                "estimator = local-expectation",
                "estimator = rebar",
                "estimator = muprop",
                "estimator = nvil",
                "estimator = reinmax",
                "estimator = disarm, prior = learned",
                "estimator = straight-through, sparsity { target = 0.2, weight = 0.1 }",
                "law { type = noisy-rectifier, noise = gaussian }",
                "law = { type = categorical, categories = 2 }",
                "law = concrete"
            })
    void anyLawAndEstimatorWorksOnMaps(String keys) {
        Window window = new Window(3, 4, 2, 2, 2, 1, 0);
        int channels = 2;
        agree(
                window,
                channels,
                "{ type = conv, image = [3, 4, 2], order = channels-last, kernel = 2, channels = " + channels + ", "
                        + keys + " }",
                "{ type = stochastic, units = " + window.positions() * channels + ", " + keys + " }");
    }

    /** The order of the picture changes which column is which number, and nothing else. */
    @Test
    void picturesMayLiePlaneByPlane() {
        String conv =
                "{ type = conv, image = [4, 5, 3], channels = 2, kernel = 3, padding = 1, activation = tanh, order = ";
        String below = "{ type = dense, units = 60 }";
        Network last = Networks.of(60, below, conv + "channels-last }", OUTPUT);
        Network first = Networks.of(60, below, conv + "channels-first }", OUTPUT);
        State state = Networks.state(last, 6, 0.2);
        State turned = Networks.state(first, 6, 0.2);
        Examples examples = Networks.random(BATCH, 60, CLASSES, 2);
        GradientSink one = new GradientSink(last.layout());
        GradientSink other = new GradientSink(first.layout());
        Matrix weights = state.matrix("layer0.weights");
        Matrix turnedWeights = turned.matrix("layer0.weights");
        for (int i = 0; i < 60; i++) {
            int place = i % 3 * 20 + i / 3;
            turned.view("layer0.biases").set(place, state.view("layer0.biases").get(i));
            for (int j = 0; j < 60; j++) {
                turnedWeights.set(j, place, weights.get(j, i));
            }
        }
        Pass expected = step(last, state, one, examples);
        Pass got = step(first, turned, other, examples);
        assertEquals(expected.meanLoss(), got.meanLoss());
        Matrix gradient = one.targetMatrix(last.layout().segment("layer0.weights"));
        Matrix turnedGradient = other.targetMatrix(first.layout().segment("layer0.weights"));
        for (int j = 0; j < 60; j++) {
            for (int i = 0; i < 60; i++) {
                assertEquals(gradient.get(j, i), turnedGradient.get(j, i % 3 * 20 + i / 3));
            }
        }
    }
}

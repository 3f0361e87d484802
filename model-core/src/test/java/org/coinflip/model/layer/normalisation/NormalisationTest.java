package org.coinflip.model.layer.normalisation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layer and batch normalisation against their equations in double precision. */
@Tag("numerical")
class NormalisationTest {
    static final Backend BACKEND = Backend.of(KernelChoice.usual(Arithmetic.PORTABLE));
    static final String OUTPUT = "{ type = output, units = 3, objective = squared-error }";
    static final int BATCH = 9;
    static final int INPUTS = 5;
    static final int UNITS = 12;
    private static final double EPSILON = 0.01;

    /** Two dense layers of 5 and 12, which is forth and back; a mean, a variance and a normalisation, which is as much again for 108 numbers. */
    static final int ROUNDINGS = Rounding.gradient(BATCH, INPUTS, UNITS, UNITS, 3) + 2 * (BATCH * UNITS + 8);

    static Pass pass(Network network, State state, GradientSink sink, Examples examples, int... places) {
        Pass pass = network.bind(state, sink, BACKEND, places.length);
        pass.load(examples, places, places.length);
        pass.context().setNoise(Mode.TRAIN, 12, 3, 0);
        pass.forward();
        return pass;
    }

    /** {@code [dense linear, norm, output squared-error]}, in double precision from the parameters in the order of the state. */
    private static double loss(double[] parameters, Examples examples, boolean byBatch, int channels) {
        double[][] a = new double[BATCH][UNITS];
        for (int r = 0; r < BATCH; r++) {
            for (int j = 0; j < UNITS; j++) {
                a[r][j] = parameters[INPUTS * UNITS + j];
                for (int i = 0; i < INPUTS; i++) {
                    a[r][j] += examples.features().get(r, i) * parameters[i * UNITS + j];
                }
            }
        }
        double[][] y = normalised(a, byBatch, channels, EPSILON);
        int at = (INPUTS + 1) * UNITS;
        int top = at + 2 * channels;
        double sum = 0;
        for (int r = 0; r < BATCH; r++) {
            for (int k = 0; k < 3; k++) {
                double out = parameters[top + UNITS * 3 + k];
                for (int j = 0; j < UNITS; j++) {
                    int c = j % channels;
                    out += (parameters[at + c] * y[r][j] + parameters[at + channels + c]) * parameters[top + j * 3 + k];
                }
                double error = out - (examples.label(r) == k ? 1 : 0);
                sum += error * error / 2;
            }
        }
        return sum / BATCH;
    }

    /** (x − m) / √(v + ε): over rows and the positions of a channel, or over the channels of a row's position. */
    private static double[][] normalised(double[][] x, boolean byBatch, int channels, double epsilon) {
        double[][] y = new double[x.length][x[0].length];
        for (int r = 0; r < x.length; r++) {
            for (int j = 0; j < x[0].length; j++) {
                double count = 0;
                double sum = 0;
                double squares = 0;
                for (int s = 0; s < x.length; s++) {
                    for (int i = 0; i < x[0].length; i++) {
                        if (byBatch ? i % channels == j % channels : s == r && i / channels == j / channels) {
                            count++;
                            sum += x[s][i];
                            squares += x[s][i] * x[s][i];
                        }
                    }
                }
                double mean = sum / count;
                y[r][j] = (x[r][j] - mean) / Math.sqrt(squares / count - mean * mean + epsilon);
            }
        }
        return y;
    }

    @ParameterizedTest
    @CsvSource({"layer, 12", "layer, 4", "layer, 3", "batch, 12", "batch, 4", "batch, 1"})
    void isItsEquationsAndTheGradientTheirs(String norm, int channels) {
        boolean byBatch = norm.equals("batch");
        Network network = Networks.of(
                INPUTS,
                "{ type = dense, units = " + UNITS + " }",
                "{ type = " + norm + "-norm, channels = " + channels + ", epsilon = " + EPSILON + " }",
                OUTPUT);
        State state = Networks.state(network, 7, 0.7);
        Examples examples = Networks.random(BATCH, INPUTS, 3, 5);
        GradientSink gradient = new GradientSink(network.layout());
        Pass pass = pass(network, state, gradient, examples, Networks.places(BATCH));
        double[] parameters = new double[network.layout().parameters()];
        Arrays.setAll(parameters, i -> state.values().get(i));
        ToDoubleFunction<double[]> loss = p -> loss(p, examples, byBatch, channels);
        double expected = loss.applyAsDouble(parameters);
        assertEquals(expected, pass.meanLoss(), Rounding.of(ROUNDINGS, 1 + expected));
        pass.backward();
        pass.accumulate();
        double largest = 0;
        for (int i = 0; i < parameters.length; i++) {
            double value = parameters[i];
            // off by the step's square and by 2⁻⁵³ over the step: 10⁻⁹ or so
            double step = 1e-5;
            parameters[i] = value + step;
            double above = loss.applyAsDouble(parameters);
            parameters[i] = value - step;
            double slope = (above - loss.applyAsDouble(parameters)) / (2 * step);
            parameters[i] = value;
            assertEquals(slope, gradient.target().get(i), Rounding.of(ROUNDINGS, 3 + Math.abs(slope)), "at " + i);
            largest = Math.max(largest, Math.abs(slope));
        }
        assertTrue(largest > 0.1, "a gradient of nothing proves nothing");
    }

    /** With gains of 1 and biases of 0, as they begin, and next to no ε: over the 3 channels of a position, a row, or what a batch has of a channel. */
    @ParameterizedTest
    @CsvSource({"layer, 12", "layer, 3", "batch, 12", "batch, 3", "batch, 1"})
    void outputsHaveMeanZeroAndVarianceOne(String norm, int channels) {
        Network network = Networks.of(
                UNITS, "{ type = " + norm + "-norm, channels = " + channels + ", epsilon = 1e-12 }", OUTPUT);
        State state = new State(network.layout());
        network.initialise(state, 1);
        Examples examples = shifted(BATCH, 3, 4);
        Pass pass = pass(network, state, null, examples, Networks.places(BATCH));
        int groups = norm.equals("batch") ? channels : BATCH * UNITS / channels;
        double[] sums = new double[groups];
        double[] squares = new double[groups];
        for (int r = 0; r < BATCH; r++) {
            for (int j = 0; j < UNITS; j++) {
                int group = norm.equals("batch") ? j % channels : (r * UNITS + j) / channels;
                double y = pass.output(0).get(r, j);
                sums[group] += y;
                squares[group] += y * y;
            }
        }
        double count = (double) BATCH * UNITS / groups;
        for (int i = 0; i < groups; i++) {
            // numbers are about 10 times their deviation: of three, now and then a hundred times
            double bound = Rounding.of(BATCH * UNITS, norm.equals("layer") ? 100 : 10);
            assertEquals(0, sums[i] / count, bound, "mean of " + i);
            assertEquals(1, squares[i] / count, 2 * bound, "variance of " + i);
        }
    }

    /** Normal features times a deviation, plus a mean. */
    static Examples shifted(int count, double mean, long seed) {
        Examples normal = Networks.random(count, UNITS, 3, seed);
        float[] features = new float[count * UNITS];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) (mean + 0.3 * normal.features().get(i / UNITS, i % UNITS));
        }
        int[] labels = new int[count];
        Arrays.setAll(labels, normal::label);
        long[] ids = new long[count];
        Arrays.setAll(ids, i -> i);
        return Examples.ofFloats(UNITS, 3, ids, labels, features);
    }

    static int[] bits(Pass pass, int row) {
        int[] bits = new int[UNITS];
        Arrays.setAll(bits, j -> Float.floatToIntBits(pass.output(0).get(row, j)));
        return bits;
    }

    /** In use either, in training layer normalisation alone. */
    @ParameterizedTest
    @CsvSource({
        "layer-norm, TRAIN",
        "layer-norm, MEANS",
        "batch-norm, MEANS",
        "batch-norm, SAMPLES",
        "batch-norm, THRESHOLDS",
        "centre, TRAIN",
        "centre, MEANS"
    })
    void aRowIsTheSameInEveryBatch(String norm, Mode mode) {
        for (int channels : new int[] {UNITS, 4}) {
            String key = norm.equals("centre") ? "" : ", channels = " + channels;
            Network network = Networks.of(UNITS, "{ type = " + norm + key + " }", OUTPUT);
            State state = Networks.state(network, 7, 0.7);
            Examples examples = shifted(BATCH, 1, 4);
            learn(network, state, examples, Networks.places(BATCH));
            Pass together = network.bind(state, null, BACKEND, BATCH);
            Pass alone = network.bind(state, null, BACKEND, 1);
            together.load(examples, Networks.places(BATCH), BATCH);
            together.context().setNoise(mode, 1, 0, 0);
            together.forward();
            for (int r = 0; r < BATCH; r++) {
                alone.load(examples, new int[] {r}, 1);
                alone.context().setNoise(mode, 1, 0, 0);
                alone.forward();
                assertEquals(Arrays.toString(bits(together, r)), Arrays.toString(bits(alone, 0)), "row " + r);
            }
        }
    }

    /** Takes in a batch, and no step. */
    static void learn(Network network, State state, Examples examples, int... places) {
        Pass pass = pass(network, state, new GradientSink(network.layout()), examples, places);
        pass.backward();
        pass.accumulate();
    }

    private static Map<String, Object> read(String layers, FeatureShape inputs, int layer) {
        Section section = Section.root(ConfigFactory.parseString("layers = [" + layers + ", " + OUTPUT + "]"));
        return NetworkSpec.read(section, inputs).layers().get(layer).write();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ type = dense, units = 7 } | 7 | 7",
                "{ type = conv, channels = 5, kernel = 3 } | 5 | 5",
                "{ type = conv, channels = 1, kernel = 3 } | 24 | 1",
                "{ type = recurrent, units = 3, output = all } | 3 | 3",
                "{ type = conv, channels = 5, kernel = 3 }, { type = dropout }, { type = global-mean } | 5 | 5"
            })
    void channelsAreThoseOfMapsAndStepsOrAllColumns(String below, int ofLayer, int ofBatch) {
        FeatureShape picture = FeatureShape.pictures(8, 6, 1);
        int at = below.split("type").length - 1;
        assertEquals(
                ofLayer, read(below + ", { type = layer-norm }", picture, at).get("channels"));
        assertEquals(
                ofBatch, read(below + ", { type = batch-norm }", picture, at).get("channels"));
    }

    @Test
    void picturesOfDataAreNormalisedAsTheyLie() {
        FeatureShape planes = FeatureShape.pictures(4, 4, 3);
        assertEquals(48, read("{ type = layer-norm }", planes, 0).get("channels"));
        String message = assertThrows(UsageException.class, () -> read("{ type = batch-norm }", planes, 0))
                .getMessage();
        assertTrue(
                message.contains("layers[0].channels: got nothing, expected 48, for each number by itself"), message);
        assertEquals(48, read("{ type = batch-norm, channels = 48 }", planes, 0).get("channels"));
        assertEquals(
                16,
                read("{ type = layer-norm }", FeatureShape.pictures(4, 4, 1), 0).get("channels"));
        assertEquals(
                1,
                read("{ type = batch-norm }", FeatureShape.pictures(4, 4, 1), 0).get("channels"));
    }
}

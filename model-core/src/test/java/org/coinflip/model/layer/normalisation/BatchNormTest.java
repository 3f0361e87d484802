package org.coinflip.model.layer.normalisation;

import static org.coinflip.model.layer.normalisation.NormalisationTest.BACKEND;
import static org.coinflip.model.layer.normalisation.NormalisationTest.BATCH;
import static org.coinflip.model.layer.normalisation.NormalisationTest.INPUTS;
import static org.coinflip.model.layer.normalisation.NormalisationTest.OUTPUT;
import static org.coinflip.model.layer.normalisation.NormalisationTest.ROUNDINGS;
import static org.coinflip.model.layer.normalisation.NormalisationTest.UNITS;
import static org.coinflip.model.layer.normalisation.NormalisationTest.bits;
import static org.coinflip.model.layer.normalisation.NormalisationTest.learn;
import static org.coinflip.model.layer.normalisation.NormalisationTest.pass;
import static org.coinflip.model.layer.normalisation.NormalisationTest.shifted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The statistics that batch normalisation is used with, over batches, workers and one row; and what it cannot serve. */
@Tag("numerical")
class BatchNormTest {
    private static RunningStatistics running(Network network, State state) {
        return new RunningStatistics((BatchNormLayer) network.layers().get(0), state, 0);
    }

    /** Batches of 6, 6 and 2 rows: the moments of all rows, each weighted by its batch's age. */
    @ParameterizedTest
    @ValueSource(ints = {UNITS, 4, 1})
    void inUseItNormalisesByTheMomentsOfAllRowsThatItSaw(int channels) {
        double kappa = 0.8;
        Network network = Networks.of(
                UNITS, "{ type = batch-norm, channels = " + channels + ", momentum = " + kappa + " }", OUTPUT);
        State state = Networks.state(network, 7, 0.7);
        Examples examples = shifted(14, -2, 8);
        int[][] batches = {{0, 1, 2, 3, 4, 5}, {6, 7, 8, 9, 10, 11}, {12, 13}};
        double[] weight = new double[channels];
        double[] sum = new double[channels];
        double[] squares = new double[channels];
        for (int b = 0; b < batches.length; b++) {
            learn(network, state, examples, batches[b]);
            double age = Math.pow(kappa, batches.length - 1 - b);
            for (int r : batches[b]) {
                for (int j = 0; j < UNITS; j++) {
                    double x = examples.features().get(r, j);
                    weight[j % channels] += age;
                    sum[j % channels] += age * x;
                    squares[j % channels] += age * x * x;
                }
            }
        }
        Pass pass = network.bind(state, null, BACKEND, 14);
        pass.load(examples, Networks.places(14), 14);
        pass.context().setNoise(Mode.MEANS, 1, 0, 0);
        pass.forward();
        for (int r = 0; r < 14; r++) {
            for (int j = 0; j < UNITS; j++) {
                int c = j % channels;
                double mean = sum[c] / weight[c];
                double variance = squares[c] / weight[c] - mean * mean;
                double expected = state.view("layer0.gains").get(c)
                                * (examples.features().get(r, j) - mean)
                                / Math.sqrt(variance + 1e-5)
                        + state.view("layer0.biases").get(c);
                // the variance is what is left of squares of 4 or so: a fiftieth
                assertEquals(expected, pass.output(0).get(r, j), Rounding.of(60, 50 * (1 + Math.abs(expected))));
            }
        }
    }

    /** Two workers whose examples have other means; states are averaged as their vectors are. */
    @ParameterizedTest
    @ValueSource(ints = {UNITS, 4})
    void statisticsOfTwoWorkersAverageToThoseOfTheirUnion(int channels) {
        Network network =
                Networks.of(UNITS, "{ type = batch-norm, channels = " + channels + ", momentum = 0.7 }", OUTPUT);
        Workers workers = new Workers(network);
        RunningStatistics expected = running(network, workers.union());
        double apart = running(network, workers.second()).mean(0)
                - running(network, workers.first()).mean(0);
        double ofVariances = running(network, workers.first()).variance(0) / 2
                + running(network, workers.second()).variance(0) / 2;
        RunningStatistics averaged = running(network, workers.average());
        for (int c = 0; c < channels; c++) {
            assertEquals(expected.mean(c), averaged.mean(c), Rounding.of(40, 4), "mean of " + c);
            assertEquals(expected.variance(c), averaged.variance(c), Rounding.of(40, 40), "variance of " + c);
        }
        assertEquals(ofVariances + apart * apart / 4, averaged.variance(0), Rounding.of(40, 40));
        assertTrue(apart * apart / 4 > ofVariances, "the mean of variances would be another");
    }

    /** It has no variance; and before any batch it is left as it is. */
    @Test
    void aBatchOfOneRowIsNormalisedAsInUse() {
        Network network = Networks.of(UNITS, "{ type = batch-norm }", OUTPUT);
        State state = new State(network.layout());
        network.initialise(state, 1);
        Examples examples = shifted(BATCH, 2, 4);
        Pass before = pass(network, state, null, examples, 3);
        for (int j = 0; j < UNITS; j++) {
            double x = examples.features().get(3, j);
            assertEquals(x / Math.sqrt(1 + 1e-5), before.output(0).get(0, j), Rounding.of(6, x));
        }
        learn(network, state, examples, Networks.places(BATCH));
        Pass inUse = network.bind(state, null, BACKEND, 1);
        inUse.load(examples, new int[] {3}, 1);
        inUse.context().setNoise(Mode.MEANS, 1, 0, 0);
        inUse.forward();
        int[] expected = bits(inUse, 0);
        assertEquals(Arrays.toString(expected), Arrays.toString(bits(pass(network, state, null, examples, 3), 0)));
        double weight = state.view("layer0.weight").get(0);
        learn(network, state, examples, 3);
        assertEquals(0.9 * weight + 0.1, state.view("layer0.weight").get(0), Rounding.of(4, weight));
    }

    /** The gradient of one row then is that of a map with constants in it, which differences of losses show. */
    @Test
    void theGradientOfABatchOfOneRowIsThatOfUse() {
        Network network = Networks.of(
                INPUTS, "{ type = dense, units = " + UNITS + " }", "{ type = batch-norm, epsilon = 0.1 }", OUTPUT);
        State state = Networks.state(network, 7, 0.7);
        Examples examples = Networks.random(BATCH, INPUTS, 3, 5);
        learn(network, state, examples, Networks.places(BATCH));
        GradientSink gradient = new GradientSink(network.layout());
        State same = new State(network.layout());
        same.set(state);
        Pass pass = pass(network, same, gradient, examples, 2);
        pass.backward();
        pass.accumulate();
        float step = 0x1p-8f;
        double largest = 0;
        for (int i = 0; i < network.layout().parameters(); i++) {
            float value = state.values().get(i);
            state.values().set(i, value + step);
            double above = pass(network, state, null, examples, 2).meanLoss();
            state.values().set(i, value - step);
            double below = pass(network, state, null, examples, 2).meanLoss();
            state.values().set(i, value);
            double slope = (above - below) / (2 * step);
            // the loss is of degree two in every parameter; what rounding it adds is divided by the step
            double bound = Rounding.of(ROUNDINGS, above + 1) / step;
            assertEquals(slope, gradient.target().get(i), bound, "at " + i);
            largest = Math.max(largest, Math.abs(slope) - bound);
        }
        assertTrue(largest > 0.1, "a gradient of nothing proves nothing");
    }

    private static String refusal(int inputs, String... layers) {
        return assertThrows(UsageException.class, () -> Networks.of(inputs, layers))
                .getMessage();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ type = stochastic, units = 4, estimator = reinforce }",
                "{ type = stochastic, units = 4, estimator = disarm }",
                "{ type = stochastic, units = 4, estimator = exact }",
                "{ type = stochastic, units = 4, estimator = muprop }",
                "{ type = stochastic, units = 4, estimator = double-cv }",
                "{ type = stochastic, units = 4, estimator { type = auto, among = [straight-through, gapped] } }",
                "{ type = recurrent, steps = 2, units = 4, estimator = reinforce }",
                "{ type = gated-experts, experts = 4, gate { law = bernoulli, estimator = rloo } }",
                "{ type = tree-experts, depth = 2, units = 4 }"
            })
    void estimatorsThatReadLossesAreRefusedBelowBatchNorm(String layer) {
        String message = refusal(4, layer, "{ type = dense, units = 6 }", "{ type = batch-norm }", OUTPUT);
        assertTrue(message.contains("].estimator: got "), message);
        assertTrue(message.contains("below batch-norm, expected layer-norm there, or an estimator that"), message);
        assertEquals(1, message.lines().count());
        Networks.of(4, "{ type = batch-norm }", layer, OUTPUT);
        Networks.of(4, layer, "{ type = layer-norm }", OUTPUT);
    }

    @Test
    void whatCannotBeHadIsRefusedInALine() {
        assertEquals(
                "network.layers[0].channels: got 3, expected a divisor of the 4 columns below",
                refusal(4, "{ type = layer-norm, channels = 3 }", OUTPUT));
        assertTrue(refusal(
                        4,
                        "{ type = batch-norm }",
                        "{ type = stochastic, units = 2, estimator = reinforce }",
                        "{ type = reward }")
                .startsWith("network.layers[0].type: got batch-norm below a loss that is earned"));
        assertTrue(refusal(
                        4,
                        "{ type = gru, steps = 2, units = 3, output = all }",
                        "{ type = layer-norm }",
                        "{ type = gru, units = 3, padded = true }",
                        OUTPUT)
                .startsWith("network.layers[2].padded: got true above layer-norm, expected false"));
    }
}

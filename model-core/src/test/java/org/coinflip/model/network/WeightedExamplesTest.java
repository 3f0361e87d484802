package org.coinflip.model.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What weights and values of examples do to losses and gradients. */
@Tag("numerical")
class WeightedExamplesTest {
    /** Each row is computed alike wherever it stands. */
    private static final Backend BACKEND = Backend.of(KernelChoice.usual(Arithmetic.PORTABLE));

    private static final int WIDTH = 3;
    private static final float[] WEIGHTS = {2, 1, 0, 3};
    private static final String REGRESSION = "{ type = output, units = 1, objective = regression }";
    private static final String CLASSES = "{ type = output, units = 2 }";

    private static Examples examples(boolean values) {
        Examples examples = Networks.random(WEIGHTS.length, WIDTH, 2, 31);
        return values ? examples.withValues(new float[] {0.7f, -1.3f, 2.1f, 0.2f}) : examples;
    }

    private static double loss(Pass pass, Examples examples, int[] places) {
        pass.load(examples, places, places.length);
        pass.context().setNoise(Mode.TRAIN, 12, 3, 0);
        pass.forward();
        return pass.meanLoss();
    }

    private static double[] gradient(Network network, State before, Examples examples, int... places) {
        GradientSink gradient = new GradientSink(network.layout());
        State state = Networks.copy(before);
        Pass pass = network.bind(state, gradient, BACKEND, places.length);
        loss(pass, examples, places);
        pass.backward();
        pass.accumulate();
        double[] all = new double[network.layout().parameters()];
        Arrays.setAll(all, i -> gradient.target().get(i));
        return all;
    }

    /** Copies have one id and so one noise: what holds of every noise holds of the mean over it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ type = dense, units = 4, activation = tanh }",
                "{ type = maxout, units = 4 }",
                "{ type = layer-norm, epsilon = 0.1 }",
                "{ type = batch-norm, epsilon = 0.1 }",
                "{ type = centre }, { type = dense, units = 4, activation = tanh }",
                "{ type = conv, image = [3, 1, 1], channels = 2, kernel = 1 }, { type = batch-norm, epsilon = 0.1 }",
                "{ type = stochastic, units = 4, estimator = straight-through }",
                "{ type = stochastic, units = 4, estimator { type = reinforce, baseline = none } }",
                "{ type = stochastic, units = 4, estimator = disarm }",
                "{ type = stochastic, units = 4, estimator = exact }",
                "{ type = stochastic, units = 4, estimator = { type = vimco, samples = 3 } }",
                "{ type = stochastic, units = 4, estimator = disarm, prior = learned }",
                "{ type = stochastic, units = 4, law = noisy-rectifier }",
                "{ type = conv, image = [1, 3, 1], channels = 4, kernel = 1, activation = tanh }",
                "{ type = conv, image = [3, 1, 1], channels = 2, kernel = 1, estimator = disarm }",
                "{ type = conv, image = [3, 1, 1], channels = 2, kernel = 1 }, { type = global-mean }",
                "{ type = recurrent, steps = 3, units = 2, time-constants = [1, 2], output = all }",
                "{ type = gru, steps = 3, units = 2 }",
                "{ type = lstm, steps = 1, units = 2 }",
                "{ type = tree-experts, depth = 2, units = 4, estimator { type = reinforce, baseline = none } }",
                "{ type = tree-experts, depth = 2, units = 4, activation = tanh, estimator = rloo }"
            })
    void anExampleOfWeightTwoIsTwoExamples(String layer) {
        for (boolean values : new boolean[] {false, true}) {
            Network network = Networks.of(
                    WIDTH, "{ type = dense, units = 3, activation = tanh }", layer, values ? REGRESSION : CLASSES);
            network.checkWeights();
            State state = Networks.state(network, 5, 0.8);
            Examples once = examples(values);
            double[] copies = gradient(network, state, once, 0, 0, 1, 3, 3, 3);
            // of the mean over six copies, that over four examples has weights 4/6 of the counts
            float[] weights = new float[WEIGHTS.length];
            float[] magnitudes = new float[copies.length];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = WEIGHTS[i] * 4 / 6;
                double[] alone = gradient(network, state, once, i);
                for (int k = 0; k < alone.length; k++) {
                    magnitudes[k] += WEIGHTS[i] / 6 * Math.abs(alone[k]);
                }
            }
            double[] weighted = gradient(network, state, once.withWeights(weights), 0, 1, 2, 3);
            double largest = 0;
            for (int k = 0; k < copies.length; k++) {
                // of either: the weight and its two roundings, the product, the sum over copies and samples, its
                // factor;
                // an example's own gradient is a sum, of terms of about 1
                assertEquals(copies[k], weighted[k], 2 * Rounding.of(3 * 6 + 6, 1 + magnitudes[k]), "at " + k);
                largest = Math.max(largest, Math.abs(copies[k]));
            }
            assertTrue(largest > 0.01, "a gradient of nothing proves nothing");
        }
    }

    @Test
    void weightsOfOneAreNoWeights() {
        Network network = Networks.of(WIDTH, "{ type = stochastic, units = 4, estimator = disarm }", CLASSES);
        State state = Networks.state(network, 5, 0.8);
        float[] ones = new float[WEIGHTS.length];
        Arrays.fill(ones, 1f);
        assertArrayEquals(
                gradient(network, state, examples(false), 0, 1, 2, 3),
                gradient(network, state, examples(false).withWeights(ones), 0, 1, 2, 3));
    }

    @Test
    void gradientsAreThoseOfTheWeightedLoss() {
        Network network = Networks.of(
                WIDTH,
                "{ type = dense, units = 5, activation = tanh }",
                "{ type = dense, units = 4, activation = softplus }",
                REGRESSION);
        State state = Networks.state(network, 9, 0.6);
        Examples examples = examples(true).withWeights(WEIGHTS);
        int[] places = {0, 1, 2, 3};
        double[] gradient = gradient(network, state, examples, places);
        Pass pass = network.bind(state, new GradientSink(network.layout()), BACKEND, places.length);
        float step = 0x1p-8f;
        // as in GradientTest: truncation, and rounding of a loss of about 2
        double tolerance = 2e-3 + Rounding.of(Rounding.forward(WIDTH, 5, 4, 1), 2) / step;
        for (int i = 0; i < gradient.length; i++) {
            float value = state.values().get(i);
            state.values().set(i, value + step);
            double above = loss(pass, examples, places);
            state.values().set(i, value - step);
            double below = loss(pass, examples, places);
            state.values().set(i, value);
            double expected = (above - below) / (2 * step);
            assertEquals(expected, gradient[i], tolerance * (1 + Math.abs(expected)), "parameter " + i);
        }
    }

    @Test
    void blocksKeepValuesAndWeights() {
        Examples all = examples(true).withWeights(WEIGHTS);
        Examples again = Examples.concatenate(
                        java.util.List.of(all.select(new int[] {2, 3}), all.select(new int[] {0, 1})))
                .sortedById();
        for (int i = 0; i < WEIGHTS.length; i++) {
            assertEquals(all.value(i, 0), again.value(i, 0));
            assertEquals(WEIGHTS[i], again.weight(i));
        }
        assertThrows(DataException.class, () -> Examples.concatenate(java.util.List.of(all, examples(true))));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Examples examples = examples(false);
        assertThrows(DataException.class, () -> examples.withWeights(new float[] {1, 1, 1, -1}));
        assertThrows(DataException.class, () -> examples.withWeights(new float[] {1, 1, 1}));
        assertThrows(DataException.class, () -> examples.withValues(new float[] {1, 1, 1, Float.NaN}));
        Network regression = Networks.of(WIDTH, REGRESSION);
        assertThrows(UsageException.class, () -> regression.check(WIDTH, 2));
        assertThrows(UsageException.class, () -> Networks.of(WIDTH, CLASSES).check(WIDTH, 0));
        Network experts = Networks.of(
                WIDTH, "{ type = gated-experts, experts = 4, gater = [ { units = 3, activation = tanh } ] }", CLASSES);
        assertThrows(UsageException.class, experts::checkWeights);
    }

    @Test
    void theLibraryLearnsValues() {
        Random random = new Random(4);
        float[][] x = new float[200][1];
        float[] y = new float[200];
        for (int i = 0; i < y.length; i++) {
            x[i][0] = 2 * random.nextFloat() - 1;
            y[i] = 3 * x[i][0] - 1;
        }
        org.coinflip.Model model = org.coinflip.Trainer.of(org.coinflip.NetworkBuilder.inputs(1)
                        .dense(8, Activation.TANH)
                        .value())
                .epochs(60)
                .batch(20)
                .adam(0.02)
                .fit(Examples.of(x, y));
        // a mean of nothing but the values' own would be off by their variance, 3
        assertTrue(model.evaluate(Examples.of(x, y)).error() < 0.01);
        assertEquals(-1, model.predict(new float[] {0})[0], 0.2);
    }
}

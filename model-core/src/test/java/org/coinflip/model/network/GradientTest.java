package org.coinflip.model.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients of everything that is deterministic, or made so by holding the noise, against central differences. */
@Tag("numerical")
class GradientTest {
    private static final Backend BACKEND = Backend.detect();
    private static final int BATCH = 40;

    /**
     * A step of 2⁻⁸ has a truncation error of its square times a third derivative, of about 1; where it crosses a kink of some example, that
     * example's part of the mean is off by a fraction of its gradient. What rounding a mean of losses of about 2 and its gradient adds is less than
     * either.
     */
    private static final float STEP = 0x1p-8f;

    private static final int WIDEST = 17;
    private static final double ROUNDING = Rounding.of(Rounding.forward(5, WIDEST, 6, 4, 3), 2) / STEP;
    private static final double TOLERANCE = 2e-3 + ROUNDING;

    private static void step(Pass pass, Examples examples) {
        pass.load(examples, Networks.places(BATCH), BATCH);
        pass.context().setNoise(Mode.TRAIN, 12, 3, 0);
        pass.forward();
    }

    private static void agreesWithCentralDifferences(String... layers) {
        Network network = Networks.of(5, layers);
        State state = Networks.state(network, 77, 0.6);
        Examples examples = Networks.random(BATCH, 5, 3, 5);
        GradientSink gradient = new GradientSink(network.layout());
        Pass pass = network.bind(state, gradient, BACKEND, BATCH);
        State before = Networks.copy(state);
        step(pass, examples);
        pass.backward();
        pass.accumulate();
        // statistics as the gradient found them
        state.values().set(before.values());
        double largest = 0;
        for (int i = 0; i < network.layout().parameters(); i++) {
            float value = state.values().get(i);
            state.values().set(i, value + STEP);
            step(pass, examples);
            double above = pass.meanLoss();
            state.values().set(i, value - STEP);
            step(pass, examples);
            double below = pass.meanLoss();
            state.values().set(i, value);
            double expected = (above - below) / (2 * STEP);
            assertEquals(expected, gradient.target().get(i), TOLERANCE * (1 + Math.abs(expected)), "parameter " + i);
            largest = Math.max(largest, Math.abs(expected));
        }
        assertTrue(largest > 0.01, "a gradient of nothing proves nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear", "tanh", "sigmoid", "relu", "softplus"})
    void denseLayersInDoublePrecision(String activation) {
        for (Objective objective : Objective.values()) {
            if (objective.isOfValues()) {
                continue; // WeightedExamplesTest
            }
            Network network = Networks.of(
                    3,
                    "{ type = dense, units = 4, activation = " + activation + " }",
                    "{ type = dense, units = 3, activation = " + activation + " }",
                    "{ type = output, units = 3, objective = " + Section.name(objective) + " }");
            State state = Networks.state(network, 5, 0.8);
            float[] input = objective == Objective.POISSON_RECONSTRUCTION
                    ? new float[] {2, 0, 1}
                    : new float[] {0.3f, -0.9f, 1.4f};
            GradientSink gradient = new GradientSink(network.layout());
            Pass pass = network.bind(state, gradient, BACKEND, 1);
            pass.load(Networks.copies(1, 3, 2, input), new int[] {0}, 1);
            pass.forward();
            pass.backward();
            pass.accumulate();
            Enumeration reference = new Enumeration(network, state, 2, input);
            double loss = reference.expectedLoss();
            assertEquals(loss, pass.meanLoss(), Rounding.of(Rounding.forward(3, 4, 3, 3), 1 + loss));
            double[] expected = reference.gradient();
            double[] bounds = reference.gradientBounds(Rounding.gradient(1, 3, 4, 3, 3));
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], gradient.target().get(i), bounds[i], "at " + i);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"tanh, cross-entropy", "softplus, squared-error", "sigmoid, squared-error"})
    void batchesOfDenseLayers(String activation, String objective) {
        agreesWithCentralDifferences(
                "{ type = dense, units = 17, activation = " + activation + " }",
                "{ type = output, units = 3, objective = " + objective + " }");
    }

    @Test
    void maxout() {
        agreesWithCentralDifferences("{ type = maxout, units = 4, pieces = 3 }", "{ type = output, units = 3 }");
        agreesWithCentralDifferences(
                "{ type = dense, units = 4, activation = tanh }",
                "{ type = maxout, units = 3 }",
                "{ type = output, units = 3, objective = squared-error }");
    }

    @Test
    void recurrentLayersOnEachOther() {
        agreesWithCentralDifferences(
                "{ type = dense, units = 6, activation = tanh }",
                "{ type = gru, steps = 3, units = 4, output = all }",
                "{ type = dropout, keep = 0.8 }",
                "{ type = lstm, units = 3, output = all }",
                "{ type = recurrent, units = 4, time-constants = [1, 2] }",
                "{ type = output, units = 3 }");
        agreesWithCentralDifferences(
                "{ type = dense, units = 8, activation = tanh }",
                "{ type = recurrent, steps = 4, units = 3, output = all }",
                "{ type = gru, units = 3, output = all }",
                "{ type = residual, layers = 1 }",
                "{ type = global-mean }",
                "{ type = output, units = 3, objective = squared-error }");
    }

    @ParameterizedTest
    @ValueSource(strings = {"layer-norm", "batch-norm"})
    void layersThatNormalise(String norm) {
        agreesWithCentralDifferences(
                "{ type = dense, units = 17, activation = tanh }",
                "{ type = " + norm + ", epsilon = 0.1 }",
                "{ type = dense, units = 4, activation = tanh }",
                "{ type = " + norm + ", epsilon = 0.1 }",
                "{ type = output, units = 3, objective = squared-error }");
        agreesWithCentralDifferences(
                "{ type = dense, units = 8, activation = tanh }",
                "{ type = gru, steps = 4, units = 3, output = all }",
                "{ type = " + norm + ", epsilon = 0.1 }",
                "{ type = dropout, keep = 0.8 }",
                "{ type = conv, channels = 2, kernel = 1, activation = tanh }",
                "{ type = " + norm + ", epsilon = 0.1 }",
                "{ type = global-mean }",
                "{ type = output, units = 3 }");
    }

    /** Layers of every kind that are not the first to give what is below them a gradient. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ type = conv, channels = 2, kernel = 3, padding = 1, activation = tanh }",
                "{ type = conv, channels = 2, kernel = 1, pieces = 2 }",
                "{ type = pool, kernel = 1 }",
                "{ type = dropout, keep = 0.8 }",
                "{ type = gaussian-noise, std = 0.3 }",
                "{ type = rescale, factor = -0.7, offset = 0.2 }",
                "{ type = centre }",
                "{ type = maxout, units = 12 }",
                "{ type = transformed, units = 5, alpha = false, beta = false }, { type = dense, units = 12 }",
                "{ type = gru, units = 6, output = all }, { type = dense, units = 12 }",
                "{ type = gated-experts, experts = 3, units = 12, combine = sum, gate { activation = sigmoid } }",
                "{ type = gated-experts, experts = 12, gate { activation = sigmoid } }",
                "{ type = conv, channels = 2, kernel = 1, law = concrete }",
                "{ type = gated-maps, gate { activation = sigmoid } }",
                "{ type = gated-maps, gater = [{ units = 4, activation = tanh }], gate { law = concrete } }",
                "{ type = gated-maps, by = position, gate { activation = tanh } }",
                "{ type = batch-norm, epsilon = 0.1 }, { type = dense, units = 12, activation = tanh }",
                "{ type = layer-norm, epsilon = 0.1 }"
            })
    void residualBlocksOfOneLayerAndOfMore(String block) {
        int layers = Networks.spec(
                                12,
                                "{ type = conv, image = [2, 3, 2], order = channels-last, channels = 2, kernel = 1 }",
                                block,
                                "{ type = output, units = 3 }")
                        .layers()
                        .size()
                - 2;
        String first =
                "{ type = conv, image = [2, 3, 2], order = channels-last, channels = 2, kernel = 3, padding = 1 }";
        String residual = "{ type = residual, layers = " + layers + " }";
        agreesWithCentralDifferences(
                "{ type = dense, units = 12, activation = tanh }",
                first,
                block,
                residual,
                "{ type = dense, units = 12, activation = tanh }",
                "{ type = residual, layers = " + (layers + 2) + " }",
                "{ type = output, units = 3 }");
    }

    @Test
    void dropoutAndGaussianNoiseHeldFixed() {
        agreesWithCentralDifferences(
                "{ type = dropout, keep = 0.8 }",
                "{ type = dense, units = 6, activation = tanh }",
                "{ type = dropout }",
                "{ type = output, units = 3 }");
        agreesWithCentralDifferences(
                "{ type = gaussian-noise, std = 0.3 }",
                "{ type = dense, units = 6, activation = sigmoid }",
                "{ type = gaussian-noise, std = 0.5 }",
                "{ type = dropout, keep = 0.6 }",
                "{ type = output, units = 3, objective = squared-error }");
    }

    @ParameterizedTest
    @ValueSource(strings = {"logistic", "gaussian"})
    void layersAroundARectifierWhoseNoiseIsHeldFixed(String noise) {
        agreesWithCentralDifferences(
                "{ type = dense, units = 5, activation = tanh }",
                "{ type = stochastic, units = 6, law { type = noisy-rectifier, noise = " + noise + " } }",
                "{ type = dense, units = 4, activation = softplus }",
                "{ type = output, units = 3 }");
    }
}

package org.coinflip.model.layer.convolution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.Matrix;
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

/** Layers of maps: what weights start at, the same bits in any batch, and gradients through layers of every kind. */
@Tag("numerical")
class ConvolutionTest {
    private static final int BATCH = 6;
    private static final int CLASSES = 3;
    private static final String OUTPUT = "{ type = output, units = 3 }";

    @Test
    void weightsStartOnGlorotsBoundOfAllThatReadANumber() {
        Network network = Networks.of(
                64, "{ type = conv, image = [8, 8, 1], channels = 6, kernel = 5, initial-scale = 2 }", OUTPUT);
        State state = new State(network.layout());
        network.initialise(state, 4);
        double bound = 2 * Math.sqrt(6.0 / (25 + 25 * 6));
        double most = 0;
        for (float weight : state.view("layer0.weights").toArray()) {
            most = Math.max(most, Math.abs(weight));
        }
        assertTrue(most <= bound && most > 0.9 * bound, most + " of " + bound);
    }

    /** What an example comes out as is a function of it alone. */
    @Test
    void anExampleHasTheSameBitsInAnyBatch() {
        Network network = Networks.of(
                72,
                "{ type = conv, image = [6, 6, 2], channels = 5, kernel = 3, padding = 1, activation = tanh }",
                "{ type = pool, kernel = 2 }",
                "{ type = conv, channels = 4, kernel = 2 }",
                "{ type = global-mean }",
                OUTPUT);
        State state = Networks.state(network, 8, 0.5);
        Examples examples = Networks.random(BATCH, 72, CLASSES, 6);
        Backend fast = Backend.detect();
        Pass all = network.bind(state, null, fast, BATCH);
        all.load(examples, Networks.places(BATCH), BATCH);
        all.context().setNoise(Mode.MEANS, 1, 0, 0);
        all.forward();
        Pass alone = network.bind(state, null, fast, BATCH);
        int last = BATCH - 1;
        alone.load(examples, new int[] {last}, 1);
        alone.context().setNoise(Mode.MEANS, 1, 0, 0);
        alone.forward();
        // up to the output layer, a dense product of the whole batch
        for (int layer = 0; layer < 4; layer++) {
            Matrix batched = all.output(layer);
            for (int j = 0; j < batched.columns(); j++) {
                assertEquals(batched.get(last, j), alone.output(layer).get(0, j), layer + ", " + j);
            }
        }
    }

    /** Central differences through all layers of maps; the kinks of maxima are rare at this step. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ type = pool, kind = mean, kernel = 2 }",
                "{ type = pool, kind = max, kernel = 2 }",
                "{ type = pool, kind = mean, kernel = 3, stride = 1 }",
                "{ type = pool, kind = max, kernel = 3, stride = 2 }",
                "{ type = global-mean }",
                "{ type = dropout, keep = 0.7 }, { type = pool, kind = mean, kernel = 2 }",
                "{ type = gaussian-noise, std = 0.2 }, { type = conv, channels = 3, kernel = 3, stride = 2, activation = tanh }",
                "{ type = conv, channels = 2, kernel = 2, law { type = noisy-rectifier, noise = logistic } }",
                "{ type = conv, channels = 2, kernel = 2, pieces = 3 }"
            })
    void gradientsAreThoseOfCentralDifferences(String above) {
        float step = 0x1p-8f;
        Network network = Networks.of(
                30,
                "{ type = conv, image = [5, 6, 1], channels = 3, kernel = 3, padding = 1, activation = tanh }",
                above,
                "{ type = dense, units = 4, activation = tanh }",
                OUTPUT);
        State state = Networks.state(network, 77, 0.5);
        int batch = 40;
        Examples examples = Networks.random(batch, 30, CLASSES, new Random(5).nextInt(100));
        GradientSink gradient = new GradientSink(network.layout());
        Pass pass = network.bind(state, gradient, Backend.detect(), batch);
        loss(pass, examples, batch);
        pass.backward();
        pass.accumulate();
        double tolerance = 3e-3 + Rounding.of(Rounding.forward(9, 12, 4, 3) + 30, 2) / step;
        double largest = 0;
        for (int i = 0; i < network.layout().parameters(); i++) {
            float value = state.values().get(i);
            state.values().set(i, value + step);
            double more = loss(pass, examples, batch);
            state.values().set(i, value - step);
            double less = loss(pass, examples, batch);
            state.values().set(i, value);
            double expected = (more - less) / (2 * step);
            assertEquals(expected, gradient.target().get(i), tolerance * (1 + Math.abs(expected)), "parameter " + i);
            largest = Math.max(largest, Math.abs(expected));
        }
        assertTrue(largest > 0.01, "a gradient of nothing proves nothing");
    }

    private static double loss(Pass pass, Examples examples, int batch) {
        pass.load(examples, Networks.places(batch), batch);
        pass.context().setNoise(Mode.TRAIN, 12, 3, 0);
        pass.forward();
        return pass.meanLoss();
    }
}

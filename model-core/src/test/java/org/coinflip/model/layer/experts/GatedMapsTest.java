package org.coinflip.model.layer.experts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.coinflip.Gradients;
import org.coinflip.Laws;
import org.coinflip.NetworkBuilder;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.training.Evaluator;
import org.coinflip.model.training.GateCounts;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("numerical")
class GatedMapsTest {
    private static final Backend BACKEND = Backend.detect();
    private static final String OUTPUT = "{ type = output, units = 3 }";

    private static String block(String by, String keys) {
        return "{ type = gated-maps, by = " + by + ", " + keys + " }";
    }

    /** With gates that are not drawn everything is a function, which double precision has too; of maps, and of pictures that lie plane by plane. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ type = conv, image = [2, 3, 1], channels = 2, kernel = 3, padding = 1, activation = tanh } | { type = gated-maps, gate { activation = sigmoid } }",
                "{ type = conv, image = [2, 3, 1], channels = 3, kernel = 1 } | { type = gated-maps, gater = [{ units = 2, activation = tanh }], gate { activation = sigmoid } }",
                "{ type = conv, image = [2, 3, 1], channels = 2, kernel = 3, padding = 1, activation = tanh } | { type = gated-maps, by = position, gate { activation = sigmoid } }",
                "{ type = gated-maps, image = [1, 3, 2], by = position, kernel = 5, gate { activation = tanh } } | { type = dense, units = 4, activation = tanh }",
                "{ type = dense, units = 5 } | { type = dense, units = 2 } | { type = product, image = [1, 3, 2], gater = 2 }",
                "{ type = dense, units = 6, activation = tanh } | { type = gated-maps, image = [3, 1, 2], order = channels-last, gate { activation = linear } } | { type = residual, layers = 3 }"
            })
    void valuesAndGradientsAreThoseOfTheEquation(String written) {
        String[] layers = (written + " | " + OUTPUT).split(" \\| ");
        Network network = Networks.of(6, layers);
        State state = Networks.state(network, 5, 0.7);
        float[] input = {0.3f, -0.9f, 1.4f, 0.6f, -0.2f, 0.8f};
        Enumeration reference = new Enumeration(network, state, 2, input);
        GradientSink gradient = new GradientSink(network.layout());
        Pass pass = network.bind(state, gradient, BACKEND, 1);
        Draw.step(pass, Networks.copies(1, 3, 2, input), 0);
        // maps of 18 numbers at most, windows of 10 taps that are not of the frame's zeros, means, gates and products
        int[] widths = {10, 18, 18, 3, 18, 18, 3};
        double loss = reference.expectedLoss();
        assertEquals(loss, pass.meanLoss(), Rounding.of(Rounding.forward(widths), 1 + loss));
        double[] expected = reference.gradient();
        double[] bounds = reference.gradientBounds(Rounding.gradient(1, widths));
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], gradient.target().get(i), bounds[i], "at " + i);
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        assertTrue(largest > 0.01, "a gradient of nothing proves nothing");
    }

    /** Estimators of every kind at gates of both kinds, the maps below being read by the gater and by the product. */
    @ParameterizedTest
    @ValueSource(
            strings = {"reinforce", "rloo", "disarm", "arm", "local-expectation", "exact", "bitflip", "rebar", "muprop"
            })
    void unbiasedEstimatorsStayUnbiasedAtGates(String estimator) {
        String gate = "gate { estimator = " + estimator + " }";
        String maps = "{ type = conv, image = [1, 3, 1], channels = 2, kernel = 1, activation = tanh }";
        for (String block : new String[] {
            block("channel", "gater = [{ units = 2, activation = tanh }], " + gate), block("position", gate)
        }) {
            Network network = Networks.of(3, maps, block, "{ type = output, units = 2 }");
            State state = Networks.state(network, 4, 0.9);
            float[] input = {0.8f, -0.5f, 0.3f};
            double[] expected = new Enumeration(network, state, 1, input).gradient();
            Draw.gradients(network, state, Networks.copies(64, 2, 1, input), 1200)
                    .assertAgrees(expected, estimator + ", " + block);
        }
    }

    /** Gates that the pass draws from, gate after gate: both sides of the product keep their rows. */
    @Test
    void gatesOnGatedMapsStayUnbiased() {
        String gate = "gate { estimator = local-expectation }";
        Network network = Networks.of(
                4,
                "{ type = conv, image = [2, 2, 1], channels = 2, kernel = 1, activation = tanh }",
                block("channel", gate),
                block("position", gate),
                "{ type = residual, layers = 5 }",
                "{ type = output, units = 2 }");
        State state = Networks.state(network, 4, 0.9);
        float[] input = {0.8f, -0.5f, 0.3f, 1.1f};
        double[] expected = new Enumeration(network, state, 1, input).gradient();
        Draw.gradients(network, state, Networks.copies(64, 2, 1, input), 1200)
                .assertAgrees(expected, network.spec().toString());
    }

    /** One gate always open, one never, one by chance: what reports are made of. */
    @Test
    void openGatesAreCountedInUse() {
        Network network = Networks.of(
                6,
                "{ type = conv, image = [2, 3, 1], channels = 3, kernel = 1, initial-bias = 1 }",
                block("channel", "gate { law = bernoulli }"),
                OUTPUT);
        State state = new State(network.layout());
        network.initialise(state, 1);
        state.view("layer2.biases").set(0, 100f);
        state.view("layer2.biases").set(1, -100f);
        Examples examples = Networks.random(64, 6, 3, 2);
        Evaluator evaluator = new Evaluator(network, state, new EvaluationSpec(Mode.SAMPLES, 2), BACKEND, 64, 3);
        evaluator.score(examples, 0, 64);
        assertEquals(1, evaluator.gates().size());
        GateCounts counts = evaluator.gates().get(0);
        assertEquals(3, counts.layer());
        assertEquals(1, counts.rates().get(0));
        assertEquals(0, counts.rates().get(1));
        assertTrue(counts.rates().get(2) > 0 && counts.rates().get(2) < 1);
        assertEquals(1, counts.dead());
        assertEquals(1, counts.alwaysOpen());
    }

    @Test
    void theBuilderWritesTheBlock() {
        List<Layer> layers = NetworkBuilder.images(4, 4, 1)
                .conv(2, 3, keys -> keys.set("padding", 1))
                .gatedMaps(Laws.bernoulli(), Gradients.disarm(), keys -> keys.set("by", "position"))
                .gatedMaps(Laws.bernoulli(), Gradients.straightThrough(), keys -> keys.sparsity(0.3, 0.1))
                .output(3)
                .layers();
        assertEquals(
                List.of("conv", "conv", "product", "global-mean", "stochastic", "product", "output"),
                layers.stream().map(layer -> layer.write().get("type")).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ type = gated-maps } | layers[0].image: got nothing, expected [height, width, channels] of the 12 features below",
                "{ type = gated-maps, image = [2, 2, 3] } | layers[0].order: got nothing, expected channels-last",
                "{ type = gated-maps, image = [4, 3, 1], by = pixel } | layers[0].by: got \"pixel\"",
                "{ type = gated-maps, image = [4, 3, 1], kernel = 3 } | layers[0].kernel: unknown key",
                "{ type = gated-maps, image = [4, 3, 1], by = position, kernel = 2 } | layers[0].kernel: got 2, expected an odd number",
                "{ type = gated-maps, image = [4, 3, 1], by = position, gater = [{ units = 3 }] } | layers[0].gater: unknown key",
                "{ type = gated-maps, image = [4, 3, 1], gate { activation = sigmoid }, sparsity {} } | layers[0].sparsity: got",
                "{ type = product, image = [4, 3, 1], gater = 1 } | layers[0].gater: got 1, expected at most 0",
                "{ type = transformed, units = 12 }, { type = dense, units = 1 }, { type = product, image = [4, 3, 1], gater = 1 } | layers[2].gater: got 1, expected another number, or a layer between",
                "{ type = dense, units = 3 }, { type = product, image = [4, 3, 1], gater = 1 } | layers[1].by: got nothing, expected a gate for each of the 1 channels in the layer below, which has 3 columns",
                "{ type = dense, units = 3 }, { type = product, image = [4, 3, 1], by = position, gater = 1 } | layers[1].by: got \"position\", expected a gate for each of the 12 positions"
            })
    void whatCannotWorkIsRefused(String layers, String message) {
        UsageException refused = assertThrows(UsageException.class, () -> Networks.spec(12, layers, OUTPUT));
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
        assertEquals(1, refused.getMessage().lines().count());
    }
}

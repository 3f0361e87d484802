package org.coinflip.model.layer.plain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import org.coinflip.NetworkBuilder;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.DenseLayer;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Initial;
import org.coinflip.model.layer.OutputLayer;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.network.Pass;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.oracle.Draw;
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

@Tag("numerical")
class ResidualLayerTest {
    private static final Backend BACKEND = Backend.detect();
    private static final String TANH = "{ type = dense, units = 3, activation = tanh }";
    private static final String OUTPUT = "{ type = output, units = 3 }";

    private static String residual(int layers) {
        return "{ type = residual, layers = " + layers + " }";
    }

    private static void agreesWithDoublePrecision(String... layers) {
        Network network = Networks.of(3, layers);
        State state = Networks.state(network, 5, 0.8);
        float[] input = {0.3f, -0.9f, 1.4f};
        GradientSink gradient = new GradientSink(network.layout());
        Pass pass = network.bind(state, gradient, BACKEND, 1);
        Draw.step(pass, Networks.copies(1, 3, 2, input), 0);
        Enumeration reference = new Enumeration(network, state, 2, input);
        double loss = reference.expectedLoss();
        // a sum rounds once, fewer than a dense layer of three columns
        int[] widths = {3, 3, 3, 3, 3, 3, 3, 3};
        assertEquals(loss, pass.meanLoss(), Rounding.of(Rounding.forward(widths), 1 + loss));
        double[] expected = reference.gradient();
        double[] bounds = reference.gradientBounds(Rounding.gradient(1, widths));
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], gradient.target().get(i), bounds[i], "at " + i);
        }
    }

    /** One block, blocks in a row, one inside another, and of the network's input. */
    @Test
    void valuesAndGradientsAreThoseOfTheEquation() {
        agreesWithDoublePrecision(TANH, TANH, residual(1), OUTPUT);
        agreesWithDoublePrecision(TANH, TANH, TANH, residual(2), TANH, residual(1), OUTPUT);
        agreesWithDoublePrecision(TANH, TANH, TANH, residual(1), residual(3), OUTPUT);
        agreesWithDoublePrecision(TANH, residual(1), TANH, TANH, residual(4), OUTPUT);
        agreesWithDoublePrecision(TANH, "{ type = rescale, factor = 2 }", residual(1), residual(2), OUTPUT);
    }

    /** Estimators of every kind: one sample, several, probes at other points, relaxed points, enumeration. */
    @ParameterizedTest
    @ValueSource(
            strings = {"reinforce", "rloo", "disarm", "arm", "local-expectation", "exact", "bitflip", "rebar", "muprop"
            })
    void unbiasedEstimatorsStayUnbiasedInsideABlock(String estimator) {
        String units = "{ type = stochastic, units = 2, estimator = " + estimator + " }";
        String below = "{ type = dense, units = 2, activation = tanh }";
        String[][] networks = {
            // what is added lies below the samples, above them, and is the samples
            {below, units, residual(1), "{ type = output, units = 2 }"},
            {units, below, below, residual(2), "{ type = output, units = 2 }"},
            // around two layers that draw, one of them read by the sum too
            {below, units, units, residual(2), residual(2), "{ type = output, units = 2 }"}
        };
        for (String[] layers : networks) {
            Network network = Networks.of(2, layers);
            State state = Networks.state(network, 4, 0.9);
            float[] input = {0.8f, -0.5f};
            double[] expected = new Enumeration(network, state, 1, input).gradient();
            Draw.gradients(network, state, Networks.copies(64, 2, 1, input), 1200)
                    .assertAgrees(expected, String.join(", ", layers));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ type = residual, layers = 1 } | layers[0].layers: got 1, expected at most 0: there are no more layers below",
                "{ type = residual, layers = 0 } | layers[0].layers: got 0, expected at least 1",
                "{ type = residual } | layers[0].layers: got nothing",
                "{ type = dense, units = 4 }, { type = residual, layers = 1 } | layers[1].layers: got 1, expected layers that give what they read, to add up: these read 12 columns and give 4 columns; give them the same, by units,",
                "{ type = conv, image = [4, 3, 1], channels = 2, kernel = 3, padding = 1 }, { type = conv, channels = 2, kernel = 1, padding = 0, stride = 2 }, { type = residual, layers = 1 } | these read 4 × 3 pixels of 2 channels and give 2 × 2 pixels of 2 channels",
                "{ type = conv, image = [4, 3, 1], channels = 2, kernel = 1 }, { type = conv, image = [2, 6, 2], order = channels-last, channels = 2, kernel = 1 }, { type = residual, layers = 1 } | these read 4 × 3 pixels of 2 channels and give 2 × 6 pixels of 2 channels",
                "{ type = transformed, units = 4 }, { type = dense, units = 4 }, { type = residual, layers = 1 } | layers[2].layers: got 1, expected another number, or a layer between: what would be read is a transformed layer"
            })
    void whatCannotBeAddedIsRefused(String layers, String message) {
        UsageException refused = assertThrows(UsageException.class, () -> Networks.spec(12, layers, OUTPUT));
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
        assertEquals(1, refused.getMessage().lines().count());
    }

    /** Planes of a picture lie one behind the other, and channels of a map do not. */
    @Test
    void picturesOfDataAreAddedWhereTheyLieAlike() {
        NetworkBuilder grey = NetworkBuilder.images(4, 4, 1).conv(1, 3, keys -> keys.set("padding", 1));
        assertEquals(3, grey.residual(1).output(3).layers().size());
        NetworkBuilder coloured = NetworkBuilder.images(4, 4, 3).conv(3, 3, keys -> keys.set("padding", 1));
        UsageException refused =
                assertThrows(UsageException.class, () -> coloured.residual(1).output(3));
        assertTrue(
                refused.getMessage().contains("these read 4 × 4 pixels of 3 planes, one behind the other and give"),
                refused.getMessage());
    }

    /** An experiment is read before its data are; what a network file says of them is their number. */
    @Test
    void shapesMayBeKnownLater() {
        String layers =
                "layers = [{ type = conv, channels = 1, kernel = 3, padding = 1 }, { type = dense, units = 16 },"
                        + " { type = residual, layers = 2 }, " + OUTPUT + "]";
        Section written = Section.root(ConfigFactory.parseString(layers));
        assertEquals(4, NetworkSpec.read(written, FeatureShape.UNKNOWN).layers().size());
        NetworkSpec spec =
                NetworkSpec.read(Section.root(ConfigFactory.parseString(layers)), FeatureShape.pictures(4, 4, 1));
        assertEquals(spec, NetworkSpec.read(Section.root(spec.write())));
    }

    /** Layers that were put together in code have not been read. */
    @Test
    void aNetworkOfRecordsIsRefusedToo() {
        NetworkSpec spec = new NetworkSpec(
                5,
                List.of(
                        new DenseLayer(4, Activation.TANH, Initial.DEFAULT),
                        new ResidualLayer(1),
                        new OutputLayer(3, Objective.CROSS_ENTROPY, Initial.DEFAULT)));
        Network network = new Network(spec);
        UsageException refused =
                assertThrows(UsageException.class, () -> network.bind(new State(network.layout()), null, BACKEND, 1));
        assertTrue(refused.getMessage().contains("got layers that read 5 columns and give 4"), refused.getMessage());
    }
}

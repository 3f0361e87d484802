package org.coinflip.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Mode;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.GradientVector;
import org.coinflip.model.oracle.Networks;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A DL4J network of these layers against the own engine's, with the same parameters and the same noise: example ids are the rows of the
 * batch, the epoch is DL4J's iteration. Matrix products are of two BLAS libraries, so numbers agree to rounding; no sample here is so near
 * its threshold that it falls on the other side.
 */
class SameAsOwnEngineTest {
    private static final int BATCH = 24;
    private static final int INPUTS = 7;
    private static final int CLASSES = 3;
    private static final double ROUNDING = 3e-6;
    private static final String OUTPUT = "{ type = output, units = 3 }";

    private static final List<String> SERVED = List.of(
            "{ type = straight-through }",
            "{ type = straight-through, derivative = sigmoid }",
            "{ type = straight-through, derivative = clipped, limit = 0.7 }",
            "{ type = straight-through, derivative = hard-sigmoid }",
            "{ type = half }",
            "{ type = surrogate, shape = arctan, scale = 2 }",
            "{ type = straight-through-concrete, temperature = 0.7 }",
            "{ type = reinforce, baseline = none }",
            "{ type = reinforce, baseline = moving-average }",
            "{ type = reinforce, baseline = minimum-variance }",
            "{ type = rloo, samples = 3 }",
            "{ type = arm }",
            "{ type = disarm }",
            "{ type = arms, samples = 4 }");

    static Stream<String> layers() {
        Stream<String> binary =
                SERVED.stream().map(e -> "{ type = stochastic, units = 9, law = bernoulli, estimator = " + e + " }");
        Stream<String> continuous = Stream.of(
                        "{ type = stochastic-times-smooth, ratio = 0.3 }",
                        "{ type = noisy-rectifier, noise = logistic }",
                        "{ type = noisy-rectifier, noise = gaussian }",
                        "{ type = concrete, temperature = 0.8 }")
                .map(law -> "{ type = stochastic, units = 9, law = " + law + " }");
        return Stream.concat(binary, continuous);
    }

    private static final class Both {
        final Network network;
        final State state;
        final Examples examples = Networks.random(BATCH, INPUTS, CLASSES, 4);
        final MultiLayerNetwork twin;

        Both(String... layers) {
            network = Networks.of(INPUTS, layers);
            state = Networks.state(network, 31, 0.7);
            twin = Dl4jNetworks.twin(network, state);
        }

        /** The own engine's gradient in one iteration's noise; its statistics move. */
        GradientVector own(int iteration) {
            GradientVector gradient = new GradientVector(network);
            Pass pass = network.bind(state, gradient, Backend.detect(), BATCH);
            pass.load(examples, Networks.places(BATCH), BATCH);
            pass.context().setNoise(Mode.TRAIN, Dl4jNetworks.SEED, iteration, 0);
            pass.context().setProgress((double) iteration / Dl4jNetworks.ITERATIONS);
            pass.forward();
            pass.backward();
            pass.accumulate();
            return gradient;
        }

        /** DL4J's gradient, laid out like the own engine's. */
        State dl4j(int iteration) {
            twin.setIterationCount(iteration);
            twin.setInput(Dl4jNetworks.batch(examples, 0, BATCH).getFeatures());
            twin.setLabels(Dl4jNetworks.batch(examples, 0, BATCH).getLabels());
            twin.computeGradientAndScore();
            MultiLayerNetwork carrier = twin.clone();
            carrier.setParams(twin.getGradientsViewArray());
            State gradient = new State(network.layout());
            Parameters.copy(carrier, gradient);
            return gradient;
        }

        void assertSame(int iteration) {
            float[] before = state.values().toArray();
            GradientVector own = own(iteration);
            State dl4j = dl4j(iteration);
            double largest = 0;
            for (Segment segment : network.layout().segments()) {
                for (int i = segment.offset(); i < segment.offset() + segment.length(); i++) {
                    double expected = segment.isParameter()
                            ? BATCH * (double) own.target().get(i)
                            : before[i] - (double) state.values().get(i);
                    assertEquals(
                            expected,
                            dl4j.values().get(i),
                            ROUNDING * (1 + Math.abs(expected)) * BATCH,
                            segment.name() + " at " + (i - segment.offset()));
                    largest = Math.max(largest, Math.abs(expected));
                }
            }
            assertTrue(largest > 0.1, "a gradient of nothing proves nothing");
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void gradientsAndStatisticsOfOneLayer(String layer) {
        Both both = new Both(layer, OUTPUT);
        both.assertSame(0);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void gradientsBetweenOtherLayers(String layer) {
        new Both(
                        "{ type = dense, units = 6, activation = tanh }",
                        layer,
                        "{ type = dense, units = 5, activation = softplus }",
                        "{ type = output, units = 3, objective = squared-error }")
                .assertSame(17);
    }

    @Test
    void gradientsOfAStack() {
        new Both(
                        "{ type = stochastic, units = 8, estimator { type = reinforce, baseline = none } }",
                        "{ type = stochastic, units = 8, estimator { type = straight-through, derivative = sigmoid } }",
                        "{ type = stochastic, units = 8, law = noisy-rectifier }",
                        OUTPUT)
                .assertSame(3);
    }

    @Test
    void predictionsWhereUnitsGiveTheirMeans() {
        Both both = new Both(
                "{ type = stochastic, units = 9 }", "{ type = stochastic, units = 6, law = noisy-rectifier }", OUTPUT);
        Pass pass = both.network.bind(both.state, null, Backend.detect(), BATCH);
        pass.load(both.examples, Networks.places(BATCH), BATCH);
        pass.context().setNoise(Mode.MEANS, 0, 0, 0);
        pass.forward();
        var predictions =
                both.twin.output(Dl4jNetworks.batch(both.examples, 0, BATCH).getFeatures());
        for (int r = 0; r < BATCH; r++) {
            for (int j = 0; j < CLASSES; j++) {
                assertEquals(pass.output().get(r, j), predictions.getFloat(r, j), ROUNDING);
            }
        }
    }
}

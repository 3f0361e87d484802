package org.coinflip.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.registry.Estimators;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.GradientSink;
import org.coinflip.model.unit.CountLaw;
import org.coinflip.model.unit.Gaussian;
import org.coinflip.model.unit.UnitLaw;
import org.coinflip.model.unit.UnitLaws;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A DL4J network of these layers against the own engine's, with the same parameters and the same noise: example ids are the rows of the
 * batch, the epoch is DL4J's iteration. Matrix products are of two BLAS libraries, so numbers agree to rounding; no sample here is so near
 * its threshold that it falls on the other side.
 */
@Tag("numerical")
class SameAsOwnEngineTest {
    private static final int BATCH = 24;
    private static final int INPUTS = 7;
    private static final int CLASSES = 3;
    /** Of the deepest network here, forth and back. */
    private static final int ROUNDINGS = Rounding.gradient(BATCH, INPUTS, 6, 9, 5, CLASSES);

    private static final String OUTPUT = "{ type = output, units = 3 }";

    private static final List<String> VARIANTS = List.of(
            "{ type = straight-through, derivative = sigmoid }",
            "{ type = straight-through, derivative = clipped, limit = 0.7 }",
            "{ type = straight-through, derivative = hard-sigmoid }",
            "{ type = surrogate, shape = arctan, scale = 2 }",
            "{ type = reinforce, baseline = none }",
            "{ type = reinforce, baseline = moving-average }",
            "{ type = rloo, samples = 3 }",
            "{ type = nvil, hidden = 0 }");

    /** Every law with every estimator that suits it and that DL4J can serve, and some variants. */
    static List<String> layers() {
        List<String> layers = new ArrayList<>();
        for (String law : UnitLaws.names()) {
            String lawText = law.startsWith("categorical") ? "{ type = " + law + ", categories = 3 }" : law;
            lawText = law.equals("k-of-n") ? "{ type = k-of-n, n = 3, k = 1 }" : lawText;
            lawText = law.equals("noisy-top-k") ? "{ type = noisy-top-k, n = 3, k = 2 }" : lawText;
            UnitLaw units = UnitLaws.read(section(lawText));
            if (units instanceof Gaussian) {
                // refused: RefusalsTest
                continue;
            }
            for (String estimator : Estimators.names()) {
                GradientEstimator chosen = Estimators.read(section(estimator));
                if (chosen.suits(units) && chosen.probes(9) == 0 && !chosen.combinesSamples()) {
                    layers.add(layer(lawText, estimator));
                }
            }
        }
        VARIANTS.forEach(estimator -> layers.add(layer("bernoulli", estimator)));
        layers.add(layer("{ type = noisy-rectifier, noise = gaussian }", "pathwise"));
        return layers;
    }

    private static Section section(String typed) {
        return Section.root(ConfigFactory.parseString("it = " + typed)).typed("it", null);
    }

    private static String layer(String law, String estimator) {
        return "{ type = stochastic, units = 9, law = " + law + ", estimator = " + estimator + " }";
    }

    private static final class Both {
        final Network network;
        final State state;
        final Examples examples = Networks.random(BATCH, INPUTS, CLASSES, 4);
        final MultiLayerNetwork twin;

        Both(String... layers) {
            network = Networks.of(INPUTS, layers);
            state = Networks.state(network, 31, deviation(network));
            twin = Dl4jNetworks.twin(network, state);
        }

        /** Counts that stay small: of large ones DL4J clips the losses, and its softplus overflows. */
        private static double deviation(Network network) {
            boolean counts = network.layers().stream()
                    .anyMatch(layer -> layer instanceof StochasticLayer units && units.law() instanceof CountLaw);
            return counts ? 0.1 : 0.7;
        }

        /** The own engine's gradient in one iteration's noise; its statistics move. */
        GradientSink own(int iteration) {
            GradientSink gradient = new GradientSink(network.layout());
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
            GradientSink own = own(iteration);
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
                            2 * Rounding.of(ROUNDINGS, BATCH + Math.abs(expected)),
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
        Objective.CROSS_ENTROPY.predict(pass.output(), BATCH, 0);
        var predictions =
                both.twin.output(Dl4jNetworks.batch(both.examples, 0, BATCH).getFeatures());
        for (int r = 0; r < BATCH; r++) {
            for (int j = 0; j < CLASSES; j++) {
                assertEquals(
                        pass.output().get(r, j),
                        predictions.getFloat(r, j),
                        2 * Rounding.of(Rounding.forward(INPUTS, 9, 6, CLASSES), 1));
            }
        }
    }
}

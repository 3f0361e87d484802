package org.coinflip.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.registry.Estimators;
import org.coinflip.model.example.Examples;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.UnitLaws;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;

/** What these layers refuse, each time in one line that says what would be taken. */
class RefusalsTest {
    private static final Examples EXAMPLES = Networks.random(16, 4, 3, 2);

    static java.util.List<String> estimators() {
        return Estimators.names();
    }

    private static StochasticDenseLayer.Builder units() {
        return new StochasticDenseLayer.Builder().nIn(4).nOut(5);
    }

    private static MultiLayerNetwork network(StochasticDenseLayer layer, BaseOutputLayer output) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Sgd(0.1))
                .list()
                .layer(layer)
                .layer(output)
                .build());
        network.init();
        return network;
    }

    private static BaseOutputLayer output() {
        return new LearningSignalOutputLayer.Builder().nIn(5).nOut(3).build();
    }

    private static void refuses(String part, Supplier<?> action) {
        String message = assertThrows(UsageException.class, action::get).getMessage();
        assertFalse(message.contains("\n"), message);
        assertTrue(message.contains("expected"), message);
        assertTrue(message.contains(part), message);
    }

    /** A law of five columns that an estimator is for. */
    private static String law(GradientEstimator estimator) {
        return Stream.of("bernoulli", "{ type = categorical, categories = 5 }", "{ type = k-of-n, n = 5, k = 2 }")
                .filter(law -> estimator.suits(UnitLaws.read(
                        Section.root(ConfigFactory.parseString("it = " + law)).typed("it", null))))
                .findFirst()
                .orElse("noisy-rectifier");
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void everyEstimatorTrainsOrIsRefusedWhenConfigured(String name) {
        GradientEstimator estimator =
                Estimators.read(Section.root(ConfigFactory.parseMap(java.util.Map.of("type", name))));
        String law = law(estimator);
        if (estimator.probes(5) > 0 || estimator.combinesSamples()) {
            refuses("straight-through, ", () -> units().law(law).estimator(name).build());
            return;
        }
        MultiLayerNetwork network = network(units().law(law).estimator(name).build(), output());
        double first = network.score(Dl4jNetworks.batch(EXAMPLES, 0, 16));
        for (int i = 0; i < 30; i++) {
            network.fit(Dl4jNetworks.batch(EXAMPLES, 0, 16));
        }
        assertTrue(network.score(Dl4jNetworks.batch(EXAMPLES, 0, 16)) < first, "it learns");
    }

    @Test
    void lossesThatNoLayerGives() {
        MultiLayerNetwork network = network(
                units().estimator("reinforce").build(),
                new OutputLayer.Builder()
                        .nIn(5)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build());
        refuses("LearningSignalOutputLayer", () -> {
            network.fit(Dl4jNetworks.batch(EXAMPLES, 0, 16));
            return null;
        });
    }

    @Test
    void settingsThatAreWrong() {
        refuses("bernoulli", () -> units().law("bernouli").build());
        refuses("estimator", () -> units().estimator("straight-thru").build());
        refuses("experiment files", () -> units().law("{ type = ").build());
        refuses(
                "noisy-rectifier",
                () -> units().law("bernoulli").estimator("pathwise").build());
        refuses("got gaussian", () -> units().law("gaussian").build());
        refuses("thresholds", () -> units().evaluation("median").build());
        refuses("law", () -> units().activation(Activation.TANH).build());
        refuses("units", () -> new StochasticDenseLayer.Builder().nIn(3).build());
    }

    @Test
    void normalisedGradientsWhereStatisticsAreLearned() {
        StochasticDenseLayer layer = units().estimator("reinforce")
                .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                .build();
        refuses("None", () -> network(layer, output()));
        network(
                units().estimator("straight-through")
                        .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                        .build(),
                output());
    }

    @Test
    void whatHasNoCounterpartInDl4j() {
        refuses(
                "dense, stochastic without",
                () -> conversion("", "{ type = dropout }", "{ type = output, units = 3 }"));
        refuses(
                "got batch-norm, expected one that DL4J has",
                () -> conversion("", "{ type = batch-norm }", "{ type = output, units = 3 }"));
        for (String layer :
                new String[] {"{ type = residual, layers = 1 }", "{ type = product, image = [1, 1, 4], gater = 1 }"}) {
            refuses(
                    "dense, stochastic without",
                    () -> conversion("", "{ type = dense, units = 4 }", layer, "{ type = output, units = 3 }"));
        }
        refuses("Nesterovs", () -> conversion("updater.type = Momentum", "{ type = output, units = 3 }"));
        refuses(
                "training.updater.rise",
                () -> conversion(
                        "updater { type = Nesterovs, rise { to = 0.5, epochs = 1 } }", "{ type = output, units = 3 }"));
        refuses("max-column-norm", () -> conversion("max-column-norm = 2", "{ type = output, units = 3 }"));
        refuses(
                "evaluates the layers above again",
                () -> conversion(
                        "", "{ type = stochastic, units = 3, estimator = muprop }", "{ type = output, units = 3 }"));
        assertEquals(
                2,
                ((org.deeplearning4j.nn.conf.MultiLayerConfiguration)
                                conversion("", "{ type = dense, units = 3 }", "{ type = output, units = 3 }"))
                        .getConfs()
                        .size());
    }

    private static Object conversion(String training, String... layers) {
        return new NetworkConversion(Networks.spec(4, layers), Dl4jNetworks.training(training), 10).configuration(1);
    }
}

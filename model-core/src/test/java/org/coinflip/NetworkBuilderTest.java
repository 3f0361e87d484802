package org.coinflip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.convolution.PoolLayer;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.settings.Section;
import org.junit.jupiter.api.Test;

/** What is built is what an experiment file writes. */
class NetworkBuilderTest {
    @Test
    void aBuiltNetworkIsTheOneThatAnExperimentFileWrites() {
        NetworkSpec built = NetworkBuilder.inputs(7)
                .gaussianNoise(0.1)
                .dense(6, Activation.TANH)
                .layerNorm()
                .dropout(0.9)
                .maxout(5)
                .stochastic(8, Laws.noisyRectifier())
                .stochastic(4, Laws.bernoulli(), Gradients.reinforce(), keys -> keys.sparsity(0.2, 0.05)
                        .initialBias(-1))
                .treeExperts(4, 6, Activation.TANH, Gradients.reinforce())
                .layer("{ type = gated-experts, experts = 3, gater = [ { units = 2, activation = tanh } ] }")
                .output(3, Objective.SQUARED_ERROR);
        NetworkSpec read = NetworkSpec.read(
                Section.root(
                                ConfigFactory.parseString(
                                        """
                                network.layers = [
                                  { type = gaussian-noise, std = 0.1 }
                                  { type = dense, units = 6, activation = tanh }
                                  { type = layer-norm, channels = 6, epsilon = 1e-5 }
                                  { type = dropout, keep = 0.9 }
                                  { type = maxout, units = 5 }
                                  { type = stochastic, units = 8, law = noisy-rectifier }
                                  { type = stochastic, units = 4, law = bernoulli, estimator = reinforce
                                    sparsity { target = 0.2, weight = 0.05 }, initial-bias = -1 }
                                  { type = tree-experts, depth = 4, units = 6, activation = tanh }
                                  { type = gated-experts, experts = 3, gater = [ { units = 2, activation = tanh } ] }
                                  { type = output, units = 3, objective = squared-error }
                                ]"""))
                        .section("network"),
                7);
        assertEquals(read, built);
        assertEquals(built, NetworkSpec.read(Section.root(built.write())));
    }

    @Test
    void aBuilderOfSequencesReadsAsAnExperimentFile() {
        NetworkSpec built = NetworkBuilder.images(28, 28, 1)
                .recurrent(12, keys -> keys.set("output", "all").set("time-constants", List.of(1, 4, 16)))
                .lstm(8, keys -> keys.set("output", "all"))
                .gru(6, keys -> keys.set("skip", Map.of("cost", 0.1)))
                .output(10);
        String layers =
                """
                layers = [
                  { type = recurrent, units = 12, steps = 28, time-constants = [1, 4, 16], output = all }
                  { type = lstm, units = 8, output = all }
                  { type = gru, units = 6, skip { cost = 0.1 } }
                  { type = output, units = 10 }
                ]""";
        NetworkSpec read =
                NetworkSpec.read(Section.root(ConfigFactory.parseString(layers)), FeatureShape.pictures(28, 28, 1));
        assertEquals(read, built);
        assertEquals(built, NetworkSpec.read(Section.root(built.write())));
    }

    @Test
    void aBuilderOfImagesReadsAsAnExperimentFile() {
        NetworkSpec built = NetworkBuilder.images(8, 8, 3)
                .conv(6, 3, keys -> keys.set("padding", 1).set("activation", "relu"))
                .batchNorm()
                .pool(PoolLayer.Kind.MAX, 2)
                .conv(4, 2, Laws.bernoulli(), Gradients.disarm())
                .layerNorm()
                .centre()
                .conv(3, 2, Activation.TANH)
                .globalMean()
                .output(10);
        String layers =
                """
                layers = [
                  { type = conv, channels = 6, kernel = 3, padding = 1, activation = relu }
                  { type = batch-norm, channels = 6, momentum = 0.9 }
                  { type = pool, kernel = 2 }
                  { type = conv, channels = 4, kernel = 2, law = bernoulli, estimator = disarm }
                  { type = layer-norm, channels = 4 }
                  { type = centre }
                  { type = conv, channels = 3, kernel = 2, activation = tanh }
                  { type = global-mean }
                  { type = output, units = 10 }
                ]""";
        NetworkSpec read =
                NetworkSpec.read(Section.root(ConfigFactory.parseString(layers)), FeatureShape.pictures(8, 8, 3));
        assertEquals(read, built);
        assertEquals(built, NetworkSpec.read(Section.root(built.write())));
        String message = assertThrows(UsageException.class, () -> NetworkBuilder.images(8, 0, 1))
                .getMessage();
        assertTrue(message.startsWith("images: got 8 × 0 pixels of 1 planes, expected at least 1"), message);
    }

    @Test
    void everyNamedLawAndEstimatorIsWhatItsNameReads() {
        assertEquals(Laws.of("bernoulli"), Laws.bernoulli());
        assertEquals("categorical", Laws.categorical(3).write().get("type"));
        assertEquals("concrete", Laws.concrete(0.5).write().get("type"));
        assertEquals(
                "categorical-concrete", Laws.categoricalConcrete(3, 1).write().get("type"));
        assertEquals(
                "stochastic-times-smooth", Laws.stochasticTimesSmooth().write().get("type"));
        assertEquals("noisy-rectifier", Laws.noisyRectifier().write().get("type"));
        assertEquals("nrelu", Laws.nrelu().write().get("type"));
        assertEquals("semantic-hashing", Laws.semanticHashing(4).write().get("type"));
        assertEquals("gaussian", Laws.gaussian(0.5).write().get("type"));
        assertEquals("disarm", Gradients.disarm().write().get("type"));
        assertEquals(
                "auto",
                Gradients.auto(Laws.bernoulli(), Gradients.straightThrough(), Gradients.disarm())
                        .write()
                        .get("type"));
        assertEquals("reinforce", Gradients.reinforce().write().get("type"));
        assertEquals("straight-through", Gradients.straightThrough().write().get("type"));
        assertEquals("rloo", Gradients.leaveOneOut().write().get("type"));
        assertEquals("reinmax", Gradients.reinMax().write().get("type"));
        assertEquals("rebar", Gradients.rebar().write().get("type"));
        assertEquals("relax", Gradients.relax().write().get("type"));
        assertEquals("local-expectation", Gradients.localExpectation().write().get("type"));
        assertEquals("pathwise", Gradients.pathwise().write().get("type"));
    }
}

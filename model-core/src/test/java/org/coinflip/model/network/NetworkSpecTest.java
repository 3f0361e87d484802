package org.coinflip.model.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import java.util.List;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.registry.Layers;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.settings.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written of a network is read again as the same. */
class NetworkSpecTest {
    private static final String OUTPUT = "{ type = output, units = 3 }";

    private static void comesBack(NetworkSpec spec) {
        Config written = spec.write();
        String json = written.root().render(ConfigRenderOptions.concise());
        String hocon = written.root().render(ConfigRenderOptions.defaults().setJson(false));
        ConfigParseOptions strict = ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON);
        assertEquals(spec, NetworkSpec.read(Section.root(ConfigFactory.parseString(json, strict))), json);
        assertEquals(spec, NetworkSpec.read(Section.root(ConfigFactory.parseString(hocon))), hocon);
        assertEquals(spec, NetworkSpec.read(Section.root(written)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ type = dense, units = 7 }",
                "{ type = dense, units = 7, activation = softplus, initial-scale = 4, initial-bias = -1.5 }",
                "{ type = maxout, units = 7, pieces = 5, learning-rate-scale = 0.01 }",
                "{ type = transformed, units = 7 }",
                "{ type = transformed, units = 7, activation = relu, alpha = false, gamma = true, max-gamma = 30, memory = 0.5 }",
                "{ type = transformed, units = 7, gamma = true, gamma-rule = unit-variance, gamma-epsilon = 0.01 }",
                "{ type = dropout }",
                "{ type = dropout, keep = 0.8 }",
                "{ type = gaussian-noise, std = 0.3 }",
                "{ type = gaussian-noise, std { from = 0.3, to = 0, shape = linear } }",
                "{ type = rescale, factor = 2, offset = -1 }",
                "{ type = layer-norm }",
                "{ type = layer-norm, channels = 5, epsilon = 0.1 }",
                "{ type = batch-norm }",
                "{ type = batch-norm, channels = 1, momentum = 0.99, epsilon = 1e-3 }",
                "{ type = centre, momentum = 0.9 }",
                "{ type = dense, units = 5 }, { type = gru, steps = 5, units = 1, output = all }, { type = residual, layers = 2 }",
                "{ type = stochastic, units = 7, prior = uniform }",
                "{ type = stochastic, units = 7, prior { type = learned, rate-scale = 10 } }",
                "{ type = stochastic, units = 7 }",
                "{ type = stochastic, units = 7, law = bernoulli, estimator = straight-through }",
                "{ type = stochastic, units = 7, estimator { type = straight-through, derive-sigmoid = true } }",
                "{ type = stochastic, units = 7, estimator { type = reinforce, baseline = none } }",
                "{ type = stochastic, units = 7, estimator { type = reinforce, kappa = 0.99, scale = 0.5 } }",
                "{ type = stochastic, units = 20, estimator = exact }",
                "{ type = stochastic, units = 7, sparsity { target = 0.2, weight = 3 } }",
                "{ type = stochastic, units = 7, law = noisy-rectifier, sparsity { weight = 1e-4, decay = 0.5 } }",
                "{ type = gated-experts, experts = 7 }",
                "{ type = gated-experts, experts = 7, gater = [{ units = 3, activation = tanh }, { units = 2 }],"
                        + " gate { estimator = reinforce }, sparsity { weight = 1 }, activation = relu, compute = sparse }",
                "{ type = conv, image = [1, 5, 1], channels = 1, kernel = 1 }",
                "{ type = conv, image = [1, 5, 1], channels = 1, kernel = 3, padding = 1, pieces = 2, initial-bias = 1 }",
                "{ type = conv, image = [5, 1, 1], channels = 1, kernel = 1, law = stochastic-times-smooth, stride = 1 }",
                "{ type = conv, image = [1, 1, 5], channels = 5, kernel = 1, estimator = disarm, prior = learned }",
                "{ type = recurrent, steps = 5, units = 2, output = all }, { type = gru, units = 5 }",
                "{ type = recurrent, steps = 5, units = 5, time-constants = [2], update = clockwork, activation = relu }",
                "{ type = gru, steps = 1, units = 5, padded = true, truncation = 3, initial-bias = 1 }",
                "{ type = gru, steps = 5, units = 5, skip { cost = 0.1, slope { from = 1, to = 5 }, initial-bias = 2, learning-rate-scale = 0.1 } }",
                "{ type = recurrent, steps = 5, units = 5, skip {} }",
                "{ type = recurrent, steps = 5, units = 5, law { type = stochastic-times-smooth, ratio = 0.25 }, estimator = pathwise }",
                "{ type = lstm, steps = 5, units = 1, output = all, learning-rate-scale = 0.5 }",
                "{ type = pool, image = [5, 1, 1], kernel = 1 }",
                "{ type = pool, image = [1, 5, 1], kernel = 1, stride = 2, kind = mean }, { type = dense, units = 5 }",
                "{ type = gated-maps, image = [5, 1, 1], gater = [{ units = 2 }], gate { law = noisy-rectifier }, sparsity { weight = 1e-4 } }",
                "{ type = gated-maps, image = [1, 5, 1], by = position, kernel = 1, gate { initial-bias = 1, estimator = disarm } }",
                "{ type = gated-maps, image = [1, 1, 5], by = position, gate { activation = sigmoid } }",
                "{ type = dense, units = 1 }, { type = product, image = [1, 1, 5], by = position, gater = 1 }",
                "{ type = global-mean, image = [1, 1, 5], order = channels-last }",
                "{ type = gated-experts, experts = 7, gate { activation = sigmoid }, initial-scale = 2 }",
                "{ type = tree-experts, depth = 3 }",
                "{ type = tree-experts, depth = 2, units = 4, activation = relu, estimator { type = rloo, samples = 3 }, initial-bias = 1 }",
                "{ type = stochastic, units = 7, law { type = stochastic-times-smooth, ratio = 0.25 } }",
                "{ type = stochastic, units = 7, law = noisy-rectifier, estimator = pathwise, initial-bias = 1 }",
                "{ type = stochastic, units = 7, law { type = noisy-rectifier, noise = gaussian, scale = 1e-3 } }"
            })
    void comesBackFromJsonAndHocon(String layer) {
        comesBack(Networks.spec(5, layer, OUTPUT));
        comesBack(Networks.spec(5, layer, layer, "{ type = output, units = 3, objective = squared-error }"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rho = tanh, step = 0.25, steps = 9, tolerance = 0.1, initial-scale = 0.5, learning-rate-scales = [1, 2, 3]",
                "objective = cross-entropy, gradient { side = both, points = 4, beta = 0.5, steps = 3 }",
                "persistent = true, steps = 5, steps-from-rest = 50, gradient { side = one }",
                "gradient = contrastive-hebbian",
                "gradient { type = recurrent-back-propagation, steps = 7 }",
                "gradient { type = spike-timing, side = one, beta = 0.2, steps = 3, symmetric = false }"
            })
    void anEnergyBasedNetworkComesBack(String settings) {
        comesBack(Networks.spec(5, "{ type = energy, hidden = [4, 3], units = 2, " + settings + " }"));
    }

    @Test
    void aBeliefNetworkComesBack() {
        comesBack(Networks.spec(
                5,
                "{ type = stochastic, units = 4, prior = conditional }",
                "{ type = stochastic, units = 2, prior = learned }",
                "{ type = likelihood, of = 0, units = 4, initial-bias = 1 }",
                "{ type = output, units = 5, objective = bernoulli-reconstruction }"));
    }

    @Test
    void aFunctionOnTopComesBack() {
        comesBack(Networks.spec(
                5, "{ type = stochastic, units = 2 }", "{ type = function, function { type = quadratic, t = 0.45 } }"));
    }

    @Test
    void aRewardOnTopComesBack() {
        comesBack(Networks.spec(5, "{ type = stochastic, units = 2, estimator = reinforce }", "{ type = reward }"));
    }

    /** An experiment is read before its data are, and says nothing of steps where a picture's lines are. */
    @Test
    void stepsAreTheLinesOfAPictureEvenBeforeItIsKnown() {
        String layers =
                """
                layers = [
                  { type = gru, units = 6, output = all }
                  { type = lstm, units = 4, output = all }
                  { type = recurrent, units = 4 }
                  { type = output, units = 3 }
                ]""";
        Section unread = Section.root(ConfigFactory.parseString(layers));
        assertEquals(4, NetworkSpec.read(unread, FeatureShape.UNKNOWN).layers().size());
        NetworkSpec spec =
                NetworkSpec.read(Section.root(ConfigFactory.parseString(layers)), FeatureShape.pictures(28, 20, 1));
        for (int i = 0; i < 3; i++) {
            assertEquals(28, spec.layers().get(i).write().get("steps"), "layer " + i);
        }
        comesBack(spec);
    }

    @Test
    void everyRegisteredLayerIsAmongThoseTested() {
        assertEquals(
                List.of(
                        "batch-norm",
                        "centre",
                        "conv",
                        "dense",
                        "dropout",
                        "energy",
                        "experts",
                        "function",
                        "gated-experts",
                        "gated-maps",
                        "gaussian-noise",
                        "global-mean",
                        "gru",
                        "layer-norm",
                        "likelihood",
                        "lstm",
                        "maxout",
                        "output",
                        "pool",
                        "product",
                        "recurrent",
                        "rescale",
                        "residual",
                        "reward",
                        "stochastic",
                        "transformed",
                        "tree-experts"),
                Layers.names());
    }
}

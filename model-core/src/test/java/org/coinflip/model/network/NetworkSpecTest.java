package org.coinflip.model.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import java.util.List;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.registry.Layers;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.settings.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    void aLikelihoodIsOfALayerWithAConditionalPrior() {
        UsageException refused = assertThrows(
                UsageException.class,
                () -> Networks.spec(
                        5,
                        "{ type = stochastic, units = 4, prior = learned }",
                        "{ type = likelihood, of = 0, units = 4 }",
                        OUTPUT));
        assertTrue(
                refused.getMessage().contains("network.layers[1].of: got 0, expected the number of a layer below of 4"),
                refused.getMessage());
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

    @Test
    void stepsDivideTheFeaturesBelow() {
        NetworkSpec spec = Networks.spec(5, "{ type = lstm, units = 2, steps = 3 }", OUTPUT);
        assertEquals(
                "network.layers[0].steps: got 3, expected a divisor of the 5 features below",
                assertThrows(UsageException.class, () -> new Network(spec)).getMessage());
    }

    @Test
    void sequencesOfOtherLengthsAreForLossesThatAreComputed() {
        UsageException refused = assertThrows(
                UsageException.class,
                () -> Networks.spec(
                        5,
                        "{ type = gru, units = 2, steps = 5, padded = true }",
                        "{ type = stochastic, units = 2, estimator = reinforce }",
                        "{ type = reward }"));
        assertTrue(
                refused.getMessage().startsWith("network.layers[0].padded: got true below a loss that is earned"),
                refused.getMessage());
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ type = dense, unitz = 7, units = 3 } | layers[0].unitz: unknown key; did you mean units?",
                "{ type = dence, units = 7 } | layers[0].type: got \"dence\"; did you mean dense?",
                "{ type = dense } | layers[0].units: got nothing",
                "{ type = dense, units = 0 } | layers[0].units: got 0, expected at least 1",
                "{ type = dense, units = 2.5 } | layers[0].units: got 2.5, expected a whole number",
                "{ type = dense, units = 3, activation = tan } | layers[0].activation: got \"tan\"; did you mean tanh?",
                "{ type = dense, units = 3, initial-scale = 0 } | layers[0].initial-scale: got 0, expected a number in (0, ∞)",
                "{ type = dropout, keep = 0 } | layers[0].keep: got 0, expected a number in (0, 1]",
                "{ type = dropout, keep = 1.5 } | layers[0].keep: got 1.5",
                "{ type = gaussian-noise, std = -1 } | layers[0].std: got -1, expected a number in [0, ∞)",
                "{ type = gaussian-noise, std { from = 0.3, to = 0 } } | layers[0].std.shape: got nothing, expected linear, for from = 0.3 and to = 0.0 have no ratio",
                "{ type = layer-norm, epsilon = 0 } | layers[0].epsilon: got 0, expected a number in (0, ∞)",
                "{ type = layer-norm, channels = 0 } | layers[0].channels: got 0, expected at least 1",
                "{ type = batch-norm, momentum = 1 } | layers[0].momentum: got 1, expected a number in [0, 1)",
                "{ type = maxout, units = 3, pieces = 1 } | layers[0].pieces: got 1, expected at least 2",
                "{ type = lstm, units = 2, steps = 5, skip {} } | layers[0].skip: unknown key",
                "{ type = gru, units = 2, steps = 5, skip { cost = -1 } } | layers[0].skip.cost: got -1",
                "{ type = recurrent, units = 2, steps = 5, estimator = rloo } | layers[0].estimator: got \"rloo\", expected one that draws one sample",
                "{ type = recurrent, units = 2, steps = 5, law = bernoulli, activation = tanh } | layers[0].activation: unknown key",
                "{ type = gru, units = 2 } | layers[0].steps: got nothing",
                "{ type = recurrent, units = 3, steps = 5, time-constants = [1, 2] } | layers[0].time-constants: got [1,2], expected as many as divide the 3 units into equal levels",
                "{ type = recurrent, units = 3, steps = 5, time-constants = [0] } | layers[0].time-constants: got [0], expected a list of whole numbers of at least 1",
                "{ type = conv, channels = 2, kernel = 1 } | layers[0].image: got nothing, expected [height, width, channels] of the 5 features below",
                "{ type = conv, image = [2, 2, 1], channels = 2, kernel = 1 } | layers[0].image: got [2,2,1], expected three whole numbers, [height, width, channels], whose product is 5",
                "{ type = conv, image = [5, 1, 1], channels = 2, kernel = 2 } | layers[0].kernel: got 2, expected at most 1, for pictures of 5 × 1 with padding 0",
                "{ type = conv, image = [5, 1, 1], channels = 2, kernel = 1, padding = 1 } | layers[0].padding: got 1, expected less than the kernel, 1",
                "{ type = conv, image = [5, 1, 1], channels = 2, kernel = 1, pieces = 2, activation = relu } | layers[0].activation: got \"relu\", expected linear, or pieces = 1",
                "{ type = conv, image = [5, 1, 1], channels = 2, kernel = 1, law = bernoulli, activation = relu } | layers[0].activation: unknown key",
                "{ type = conv, image = [5, 1, 1], channels = 2, kernel = 1, law = { type = categorical, categories = 5 } } | layers[0].channels: got 2, expected a multiple of 5",
                "{ type = pool, image = [1, 1, 5], kernel = 1 } | layers[0].order: got nothing, expected channels-last",
                "{ type = pool, image = [5, 1, 1], kernel = 2 } | layers[0].kernel: got 2, expected at most 1, for maps of 5 × 1",
                "{ type = transformed, units = 3, activation = linear } | layers[0].activation: got \"linear\", expected a nonlinear one",
                "{ type = transformed, units = 3, max-gamma = 0.5 } | layers[0].max-gamma: got 0.5, expected at least 1",
                "{ type = transformed, units = 3, memory = 1 } | layers[0].memory: got 1, expected a number in [0, 1)",
                "{ type = stochastic, units = 3, law = bernouli } | layers[0].law.type: got \"bernouli\"; did you mean bernoulli?",
                "{ type = stochastic, units = 3, law { type = stochastic-times-smooth, ratio = 1 } } | layers[0].law.ratio: got 1",
                "{ type = stochastic, units = 3, estimator = reinfroce } | layers[0].estimator.type; did you mean reinforce?",
                "{ type = stochastic, units = 3, estimator { type = reinforce, kapa = 0.5 } } | estimator.kapa: unknown key; did you mean kappa?",
                "{ type = stochastic, units = 3, estimator = pathwise } | layers[0].estimator: got \"pathwise\", expected an estimator for bernoulli units",
                "{ type = stochastic, units = 3, law = noisy-rectifier, estimator = exact } | expected an estimator for noisy-rectifier units: this one is for at most 20 binary units, or categorical ones of no more values",
                "{ type = stochastic, units = 7, law = { type = categorical, categories = 3 } } | layers[0].units: got 7, expected a multiple of 3: every category of a unit is a column",
                "{ type = stochastic, units = 39, law = { type = categorical, categories = 3 }, estimator = exact } | layers[0].units: got 39, expected at most 36 with this estimator",
                "{ type = stochastic, units = 3, law = { type = categorical, categories = 1 } } | layers[0].law.categories: got 1, expected at least 2",
                "{ type = stochastic, units = 3, law = { type = categorical, categories = 3 }, estimator = { type = straight-through, derivative = sigmoid } } | expected an estimator for categorical units: this one is for binary units",
                "{ type = stochastic, units = 21, estimator = exact } | layers[0].units: got 21, expected at most 20 with this estimator"
            })
    void refusesWithThePathTheValueAndWhatWasExpected(String layer, String message) {
        UsageException refused = assertThrows(UsageException.class, () -> Networks.spec(5, layer, OUTPUT));
        for (String part : message.split("; ")) {
            assertTrue(refused.getMessage().contains(part), refused.getMessage());
        }
        assertEquals(1, refused.getMessage().lines().count());
        assertEquals(2, refused.exitCode());
    }

    @Test
    void wantsOneOutputLayerAtTheEnd() {
        for (String[] layers : new String[][] {
            {}, {"{ type = dense, units = 2 }"}, {OUTPUT, OUTPUT}, {OUTPUT, "{ type = dense, units = 2 }"}
        }) {
            UsageException refused = assertThrows(UsageException.class, () -> Networks.spec(5, layers));
            assertTrue(refused.getMessage().startsWith("network.layers: got"), refused.getMessage());
        }
    }

    @Test
    void refusesANewerFormat() {
        Config newer = Networks.spec(5, OUTPUT).write().withFallback(ConfigFactory.empty());
        Config two = ConfigFactory.parseString("format = 2").withFallback(newer);
        String message = assertThrows(UsageException.class, () -> NetworkSpec.read(Section.root(two)))
                .getMessage();
        assertTrue(message.contains("format: got 2, expected at most 1: this network was written by a newer"), message);
        Config none = newer.withoutPath("format");
        assertThrows(UsageException.class, () -> NetworkSpec.read(Section.root(none)));
        Config more = ConfigFactory.parseString("colour = red").withFallback(newer);
        assertThrows(UsageException.class, () -> NetworkSpec.read(Section.root(more)));
    }
}

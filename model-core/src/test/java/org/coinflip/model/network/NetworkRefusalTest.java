package org.coinflip.model.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.settings.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a network cannot be is refused when it is read. */
class NetworkRefusalTest {
    private static final String OUTPUT = "{ type = output, units = 3 }";

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

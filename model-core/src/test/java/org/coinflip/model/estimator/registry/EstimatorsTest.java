package org.coinflip.model.estimator.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.ConfigFactory;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.settings.Section;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What estimators are read from and written to. */
class EstimatorsTest {
    private static GradientEstimator read(String keys) {
        return Estimators.read(Section.root(ConfigFactory.parseString(keys)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type = rloo, samples = 7",
                "type = fini, degree = 3",
                "type = implicit-mle, step = 0.5",
                "type = double-cv, samples = 3, scale = 0.5",
                "type = carms, samples = 3",
                "type = unordered-set, samples = 6",
                "type = ovis, samples = 3, gamma = 0.25",
                "type = reweighted-wake-sleep, samples = 3",
                "type = reinmax-rao, temperature = 0.25, draws = 7",
                "type = forward-gradient, directions = 3, size = 0.5",
                "type = arms, samples = 3",
                "type = local-expectation, block = 5",
                "type = node-perturbation, std = 0.3, two-sided = false",
                "type = spsa, size = 0.01",
                "type = rebar, temperature = 0.1, scale = 0.0",
                "type = rebar, limit = mean",
                "type = straight-through-concrete, temperature = 0.25",
                "type = reinmax, temperature = 1.5",
                "type = rao-blackwellised, temperature = 0.25, draws = 7",
                "type = gapped, gap-of = probability",
                "type = gapped, gap = 0.5, temperature = 2.0",
                "type = straight-through, derivative = softmax",
                "type = surrogate, shape = arctan, scale = 4.0",
                "type = straight-through, derivative = clipped, limit = 3.0",
                "type = straight-through, derivative = hard-sigmoid, slope = 2.0, final-slope = 9.0",
                "type = straight-through, derivative = sigmoid",
                "type = reinforce, baseline = moving-average, kappa = 0.5"
            })
    void readsWhatItWrites(String keys) {
        GradientEstimator read = read(keys);
        assertEquals(read, Estimators.read(Section.root(ConfigFactory.parseMap(read.write()))));
        for (String pair : keys.split(", ")) {
            String[] keyAndValue = pair.split(" = ");
            assertEquals(keyAndValue[1], read.write().get(keyAndValue[0]).toString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type = rloo, samples = 1 | samples: got 1, expected at least 2: a sample's baseline is the mean loss of the others",
                "type = arms, samples = 1 | samples: got 1, expected at least 2: a sample's baseline is the mean loss of the others",
                "type = rloo, samples = 101 | samples: got 101, expected from 1 to 100",
                "type = fini, degree = 4 | degree: got 4, expected from 1 to 3",
                "type = unordered-set, samples = 13 | samples: got 13, expected from 2 to 12",
                "type = ovis, gamma = 1.5 | gamma: got 1.5, expected a number in [0, 1]",
                "type = forward-gradient, size = 0 | size: got 0, expected a number in (0, ∞)",
                "type = rebar, temperature = 0 | temperature: got 0, expected a number in [0.001, 1000]",
                "type = rao-blackwellised, draws = 0 | draws: got 0, expected from 1 to 1000",
                "type = gapped, gap = -1 | gap: got -1, expected a number in [0, ∞)",
                "type = reinmax, temperature = 0.5 | temperature: got 0.5, expected a number in [1, 1000]",
                "type = straight-through-concrete, temperature = 0 | temperature: got 0, expected a number in [0.001, 1000]",
                "type = rebar, scale = -1 | scale: got -1, expected a number in [0, ∞)",
                "type = local-expectation, block = 0 | block: got 0, expected at least 1",
                "type = spsa, size = 0 | size: got 0, expected a number in (0, ∞)",
                "type = node-perturbation, std = -1 | std: got -1, expected a number in (0, ∞)",
                "type = surrogate, shape = boxx | shape: got \"boxx\", expected one of super-spike, arctan, triangle, box, sigmoid; did you mean box?",
                "type = straight-through, limit = 2 | limit: unknown key; known here: derivative, derive-sigmoid, type",
                "type = straight-through, derivative = sigmoid, derive-sigmoid = true | derive-sigmoid: got true, expected nothing beside derivative: derivative = sigmoid says the same",
                "type = disarm, samples = 2 | samples: unknown key; known here: type"
            })
    void refusesInOneLine(String keys, String message) {
        assertEquals(
                message, assertThrows(UsageException.class, () -> read(keys)).getMessage());
    }
}

package org.coinflip.model.layer.stochastic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Progress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("numerical")
class RateFloorTest {
    private static final int BATCH = 8;
    private static final String OUTPUT = "{ type = output, units = 3 }";

    /** A learner of units that do not learn but by the floor. */
    private static Learner learner(String updater, String floor) {
        Network network = Networks.of(
                4,
                "{ type = stochastic, units = 3, learning-rate-scale = 0, initial-scale = 0.01, rate-floor { " + floor
                        + " } }",
                OUTPUT);
        Learner learner = new Learner(
                network,
                TrainingSpec.read(
                        Section.root(ConfigFactory.parseMap(Map.of("batch", BATCH, "updater.type", updater)))),
                Backend.detect(),
                1);
        network.initialise(learner.state(), 1);
        return learner;
    }

    private static void train(Learner learner, int steps) {
        Progress progress = new Progress(steps, 1);
        for (int step = 0; step < steps; step++) {
            learner.step(Networks.random(BATCH, 4, 3, step), Networks.places(BATCH), BATCH, progress.at(step));
        }
    }

    /** One that never fires is pushed at each step, one that always does at none. Numbers are sums of powers of two: exact. */
    @ParameterizedTest
    @ValueSource(strings = {"Sgd", "Momentum", "Adam"})
    void theBiasOfASilentUnitGrowsByThePush(String updater) {
        Learner learner = learner(updater, "least = 0.25, push = 0.5, memory = 0.5");
        Floats biases = learner.state().view("layer0.biases");
        biases.set(0, -200f);
        biases.set(1, 200f);
        biases.set(2, -100f);
        train(learner, 16);
        assertEquals(-200f + 16 * 0.5f, biases.get(0));
        assertEquals(200f, biases.get(1));
        assertEquals(-100f + 16 * 0.5f, biases.get(2));
        Floats rates = learner.state().view("layer0.rates");
        assertEquals((float) (0.25 * Math.pow(0.5, 16)), rates.get(0));
        assertEquals((float) (1 - 0.75 * Math.pow(0.5, 16)), rates.get(1));
    }

    /** It is pushed until it fires as often as it is to, or as far as the running mean lags behind. */
    @Test
    void aUnitComesBackToTheFloor() {
        Learner learner = learner("Sgd", "least = 0.1, push = 0.125, memory = 0.9");
        learner.state().view("layer0.biases").fill(-30f);
        train(learner, 2000);
        for (int j = 0; j < 3; j++) {
            // σ(a) is 0.1 at −2.2 and ½ at 0, from where three steps fill the mean: 1 − 0.9³ of ½; inputs move a by
            // less than 0.1
            double bias = learner.state().view("layer0.biases").get(j);
            assertTrue(bias > -2.4 && bias < 0.5, "a bias of " + bias);
        }
    }

    @Test
    void whatCannotWorkIsRefused() {
        for (String[] wrong : new String[][] {
            {"{ type = stochastic, units = 3, rate-floor { least = 1 } }", "least: got 1"},
            {"{ type = stochastic, units = 3, law = concrete, rate-floor { } }", "units of law concrete are never 0"},
            {"{ type = stochastic, units = 3, rate-floor { push = 0 } }", "push: got 0"},
            {"{ type = stochastic, units = 3, rate-floor { memory = 1 } }", "memory: got 1"},
            {
                "{ type = conv, image = [2, 2, 1], channels = 2, kernel = 1, law = bernoulli, rate-floor { } }",
                "rate-floor"
            }
        }) {
            UsageException e = assertThrows(UsageException.class, () -> Networks.of(4, wrong[0], OUTPUT));
            assertTrue(e.getMessage().contains(wrong[1]), e.getMessage());
        }
    }
}

package org.coinflip.spark.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.File;
import org.coinflip.model.error.UsageException;
import org.junit.jupiter.api.Test;

class RewardExperimentTest {
    private static final Config GRID = ConfigFactory.parseString(
            """
            environment { type = grid-world }
            network.layers = [ { type = stochastic, units = 2, estimator = reinforce }, { type = reward } ]
            """);

    private static void refuses(String setting, String... said) {
        Config config = ConfigFactory.parseString(setting).withFallback(GRID);
        UsageException e = assertThrows(UsageException.class, () -> RewardExperiment.read(config));
        for (String part : said) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
    }

    @Test
    void whatDoesNotFitIsRefusedInALine() {
        refuses("averaging.steps-per-round = 50", "averaging.steps-per-round: got 50, expected 1");
        refuses("evaluation { mode = samples, draws = 3 }", "evaluation.draws: got 3, expected 1");
        refuses("evaluation.episodes = 1", "evaluation.episodes: got 1");
        refuses("training.discount = 1.5", "training.discount: got 1.5", "[0, 1]");
        refuses("training.reuse.steps = 0", "training.reuse.steps: got 0");
        refuses("training.reuse.clip = 0", "training.reuse.clip: got 0");
        refuses(
                "training.reuse.steps = 4, network.layers = [ { type = stochastic, units = 2,"
                        + " estimator { type = relax, relaxed-loss = false } }, { type = reward } ]",
                "network.layers[0].estimator: got relax with training.reuse.steps = 4",
                "nvil, reinforce");
        refuses("training.batch = 1000000", "training.batch: got 1000000, expected at most 41943");
        refuses("training.discuont = 1", "training.discuont: unknown key", "did you mean discount?");
        refuses("validation.draws = 3", "validation.draws: unknown key");
        refuses("data.source = digits", "data: unknown key");
        refuses("environment = nowhere", "environment.type: got \"nowhere\"");
        refuses(
                "network.layers = [ { type = stochastic, units = 2 }, { type = reward } ]",
                "network.layers[0].estimator: got straight-through",
                "reinforce");
    }

    @Test
    void theShippedExperimentsAreReadAndReadBack() {
        for (String name : new String[] {"bandit", "cart-pole", "cart-pole-reuse", "grid-world"}) {
            Config file = ConfigFactory.parseFile(new File("../conf/rewards/" + name + ".conf"));
            assertTrue(RewardExperiment.isIn(file));
            RewardExperiment experiment = RewardExperiment.read(file.resolve());
            assertEquals(name, experiment.name());
            assertEquals(experiment, RewardExperiment.read(ConfigFactory.parseMap(experiment.write())));
        }
    }
}

package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.checkpoint.TrainingStopped;
import org.coinflip.spark.experiment.RewardExperiment;
import org.junit.jupiter.api.Test;

/** Trainings that are stopped and go on to the same bits, whatever state they have, or are refused. */
class ResumeTest extends StoppedTrainings {
    @Test
    void goesOnToTheSameBitsFromAnyRoundHoweverOften() throws IOException {
        for (int after : new int[] {1, 5, 8, ROUNDS - 2}) {
            String name = "after-" + after;
            stopped(name, after, "");
            JsonNode resumed = train(name, "resume = true, averaging.partitions = 5");
            same(resumed, name);
            assertEquals(Math.max(2, after), resumed.get("resumedAfterRound").asInt());
        }
        stopped("often", 2, "");
        stopped("often", 1, "resume = true");
        stopped("often", 6, "resume = true");
        same(train("often", "resume = true"), "often");
    }

    @Test
    void anotherTrainingsCheckpointIsRefusedAndSaysWhatDiffers() throws IOException {
        stopped("foreign", 4, "");
        refused(
                UsageException.class,
                "round-00000004.bin is of another training (training.epochs is 4 there, 3 here)",
                "foreign",
                "resume = true, training.epochs = 3");
        String wider = NETWORK.replace("units = 12", "units = 13") + "resume = true";
        refused(UsageException.class, "(network.layers[1].units is 12 there, 13 here)", "foreign", wider);
        refused(UsageException.class, "(seed is 1 there, 2 here)", "foreign", "resume = true, seed = 2");
        refused(UsageException.class, "(data.splitSeed is", "foreign", "resume = true, data.split.seed = 3");
        refused(UsageException.class, "exists, expected a new folder", "foreign", "");
        refused(UsageException.class, "expected one of them", "foreign", "resume = true, overwrite = true");
        refused(UsageException.class, "resume: got ", "foreign", "resume = yes");
        same(train("foreign", "resume = true"), "foreign");
    }

    @Test
    void withoutACheckpointItBeginsAndWithoutATrainingItRefuses() throws IOException {
        same(train("fresh", "resume = true"), "fresh");
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("sweep.json"), "{}");
        refused(UsageException.class, "holds no training", "other", "resume = true");
        Files.writeString(Files.createDirectory(folder.resolve("thesis")).resolve("thesis.tex"), "mine");
        refused(UsageException.class, "holds no training", "thesis", "resume = true");
        Files.createDirectory(folder.resolve("thesis/checkpoints"));
        refused(UsageException.class, "holds no training", "thesis", "resume = true");
        assertTrue(Files.exists(folder.resolve("thesis/thesis.tex")));
    }

    @Test
    void aFinishedTrainingGoesOnToMoreEpochsToTheBitsOfOneThatWasLongFromItsStart() throws IOException {
        String constant = "training.schedule.type = constant\n";
        JsonNode longer = train("longer", constant + "training.epochs = 6");
        train("shorter", constant);
        refused(UsageException.class, "(seed is 1 there, 99 here)", "shorter", constant + "resume = true, seed = 99");
        refused(
                UsageException.class,
                "(training.epochs is 4 there, 2 here)",
                "shorter",
                constant + "resume = true, training.epochs = 2");
        JsonNode grown = train("shorter", constant + "resume = true, training.epochs = 6");
        assertTrue(grown.has("resumedAfterRound"));
        assertEquals(longer.get("parametersSha256"), grown.get("parametersSha256"));
    }

    /** There is nothing to go on from, and no setting is passed over in silence. */
    @Test
    void aFinishedTrainingWithoutCheckpointsRefusesOtherSettings() throws IOException {
        String none = "checkpoint { every = 0, best = 0 }\n";
        train("none", none);
        refused(UsageException.class, "(seed is 1 there, 99 here)", "none", none + "resume = true, seed = 99");
        refused(
                UsageException.class,
                "kept no checkpoint (training.epochs is 4 there, 6 here)",
                "none",
                none + "resume = true, training.epochs = 6");
    }

    /** Runs of versions that kept no record: their checkpoints tell whose the folder is. */
    @Test
    void goesOnWithoutARecord() throws IOException {
        stopped("old", 4, "");
        Files.delete(folder.resolve("old/.coinflip.json"));
        refused(UsageException.class, "is no job's output", "old", "overwrite = true");
        same(train("old", "resume = true"), "old");
    }

    /** The learning rates in the lines are those that their losses give, and bits depend neither on a stop nor on partitions. */
    @Test
    void theLearningRateFallsWhereLooksGetNoBetterAndGoesOnLikewise() throws IOException {
        String settings =
                "training { epochs = 8, updater.learning-rate = 0.08, schedule { type = plateau, rate = 0.5, patience = 1 } }\n";
        JsonNode whole = train("plateau", settings);
        double rate = 0.08;
        double best = Double.POSITIVE_INFINITY;
        int falls = 0;
        for (JsonNode line : lines("plateau")) {
            assertEquals(rate, line.get("learningRate").asDouble(), 1e-15);
            if (line.has("valid")) {
                double loss = line.get("valid").get("loss").asDouble();
                boolean isFall = loss >= best;
                falls += isFall ? 1 : 0;
                rate *= isFall ? 0.5 : 1;
                best = Math.min(best, loss);
            }
        }
        assertTrue(falls >= 2, "" + falls);
        for (int after : new int[] {9, 22}) {
            stopped("plateau-" + after, after, settings);
            JsonNode resumed = train("plateau-" + after, settings + "resume = true, averaging.partitions = 5");
            assertEquals(whole.get("parametersSha256"), resumed.get("parametersSha256"), "after " + after);
        }
    }

    @Test
    void anAverageOverStepsGoesOnToTheSameBits() throws IOException {
        String settings = "training.ema = 0.9\n";
        JsonNode whole = train("ema", settings);
        assertNotEquals(unbroken.get("parametersSha256"), whole.get("parametersSha256"));
        stopped("ema-stopped", 5, settings);
        JsonNode resumed = train("ema-stopped", settings + "resume = true, averaging.partitions = 5");
        assertEquals(whole.get("parametersSha256"), resumed.get("parametersSha256"));
        assertEquals(whole.get("test"), resumed.get("test"));
    }

    @Test
    void velocitiesOfOuterOptimisersAndAveragedOrRestartedMomentsGoOnToTheSameBits() throws IOException {
        Set<JsonNode> different = new HashSet<>();
        for (String policy : new String[] {
            "{ outer { type = momentum, learning-rate = 0.9, momentum = 0.6 } }",
            "{ outer { type = nesterov, momentum = 0.6 }, growth = 1.5, updater-state = restart }"
        }) {
            String name = "policy-" + policy.length();
            String settings = "averaging " + policy + "\ncheckpoint.every = 3\n";
            JsonNode whole = train(name, settings);
            different.add(whole.get("parametersSha256"));
            stopped(name + "-stopped", 1, settings);
            stopped(name + "-stopped", 4, settings + "resume = true\n");
            JsonNode resumed = train(name + "-stopped", settings + "resume = true, averaging.storage = file");
            assertEquals(6, resumed.get("resumedAfterRound").asInt());
            assertEquals(whole.get("parametersSha256"), resumed.get("parametersSha256"), policy);
            assertEquals(whole.get("test"), resumed.get("test"));
        }
        different.add(unbroken.get("parametersSha256"));
        assertEquals(3, different.size());
    }

    @Test
    void dl4jsBackendGoesOnToTheSameBits() throws IOException {
        String settings =
                """
                backend = dl4j, averaging.workers = 2
                network.layers = [ { type = dense, units = 8, activation = tanh }, { type = output, units = 10 } ]
                """;
        JsonNode whole = train("dl4j", settings);
        stopped("dl4j-stopped", 3, settings);
        JsonNode resumed = train("dl4j-stopped", settings + "resume = true");
        assertEquals(whole.get("parametersSha256"), resumed.get("parametersSha256"));
        assertEquals(whole.get("test"), resumed.get("test"));
    }

    @Test
    void aPolicyGoesOnToTheSameBits() throws IOException {
        String settings =
                """
                environment { type = cart-pole, most-steps = 40 }
                network.layers = [ { type = stochastic, units = 1, law = bernoulli, estimator = nvil }, { type = reward } ]
                training { batch = 4, epochs = 8, updater { type = Adam, learning-rate = 0.05 } }
                averaging.workers = 3, validation { every = 2, patience = 3 }
                evaluation.episodes = 10
                """;
        String expected = policy("policy", settings, () -> false);
        assertThrows(TrainingStopped.class, () -> policy("policy-stopped", settings, afterRounds(3)));
        assertEquals(expected, policy("policy-stopped", settings + "resume = true", () -> false));
        String reuse = settings + "training.reuse.steps = 3\n";
        String reused = policy("reuse", reuse, () -> false);
        assertNotEquals(expected, reused);
        assertThrows(TrainingStopped.class, () -> policy("reuse-stopped", reuse, afterRounds(3)));
        assertEquals(reused, policy("reuse-stopped", reuse + "resume = true", () -> false));
    }

    private static String policy(String name, String settings, Ending stop) throws IOException {
        Config config = ConfigFactory.parseString(settings + "\noutput = \"" + folder.resolve(name) + "\"");
        PolicyTraining.prepare(RewardExperiment.read(config)).run(spark.context(), stop);
        return summary(name).get("parametersSha256").asText();
    }
}

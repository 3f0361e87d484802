package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.preflight.Finding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole trainings on the embedded digits, in this process. */
@Tag("numerical")
class TrainingTest {
    private static final String NETWORK =
            """
            network.layers = [
              { type = gaussian-noise, std = 0.1 }
              { type = stochastic, units = 40, law = bernoulli, estimator = reinforce }
              { type = stochastic, units = 30, law = stochastic-times-smooth }
              { type = output, units = 10 }
            ]
            training { batch = 16, updater { type = Momentum, learning-rate = 0.05 } }
            validation { draws = 2, examples = 32 }
            """;

    @TempDir
    private Path folder;

    private JsonNode train(LocalSpark spark, String settings, String name) throws Exception {
        Path output = folder.resolve(name);
        Experiment experiment = Experiment.read(ConfigFactory.parseString(settings + "\noutput = \"" + output + "\"")
                .withFallback(ConfigFactory.parseString(NETWORK)));
        Training.prepare(experiment).run(spark.context());
        return new ObjectMapper().readTree(output.resolve("summary.json").toFile());
    }

    @Test
    void theSameBitsOnOneSlotAndTwoFromOneThreeAndSevenPartitions() throws Exception {
        String settings = "training.epochs = 2, averaging { workers = 5, steps-per-round = 7, partitions = %d }";
        String expected = null;
        for (int slots : new int[] {1, 2}) {
            try (LocalSpark spark = new LocalSpark(slots)) {
                for (int partitions : new int[] {1, 3, 7}) {
                    JsonNode summary = train(spark, String.format(settings, partitions), slots + "-" + partitions);
                    String sha = summary.get("parametersSha256").asText();
                    expected = expected == null ? sha : expected;
                    assertEquals(expected, sha, slots + " slots, " + partitions + " partitions");
                }
            }
        }
    }

    /** What a round costs is the machine's, so the number is not known here: only that a training of as many says nothing of it. */
    @Test
    void stepsOfARoundAreProposedAndNotChosen() throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            String settings = "averaging { workers = 2, steps-per-round = auto }";
            UsageException refused = assertThrows(UsageException.class, () -> train(spark, settings, "auto"));
            assertTrue(refused.getMessage().startsWith("averaging.steps-per-round: got auto"), refused.getMessage());
            Finding proposed = rounds(spark, settings);
            assertEquals(Finding.Weight.WARNING, proposed.weight());
            Matcher number = Pattern.compile("averaging.steps-per-round = (\\d+) spends 95 ")
                    .matcher(proposed.line());
            assertTrue(number.find(), proposed.line());
            // a hundred times as long is long enough however the two measurements differ
            String longer =
                    "averaging { workers = 2, steps-per-round = " + 100L * Integer.parseInt(number.group(1)) + " }";
            assertEquals(Finding.Weight.GOOD, rounds(spark, longer).weight());
        }
    }

    private Finding rounds(LocalSpark spark, String settings) {
        Experiment experiment =
                Experiment.read(ConfigFactory.parseString(settings + "\noutput = \"" + folder + "/none\"")
                        .withFallback(ConfigFactory.parseString(NETWORK)));
        return Training.prepare(experiment).preflight(spark.context()).stream()
                .filter(finding -> finding.line().startsWith("rounds: "))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theSameBitsFromFilesAndFromMemory() throws Exception {
        String settings = "training.epochs = 2, averaging { workers = 5, steps-per-round = 7, storage = %s }, %s";
        try (LocalSpark spark = new LocalSpark(2)) {
            for (String data : new String[] {"data.source = digits", "data { source = digits, scale = standard }"}) {
                JsonNode memory = train(spark, String.format(settings, "memory", data), "memory" + data.length());
                JsonNode file = train(spark, String.format(settings, "file", data), "file" + data.length());
                assertEquals(memory.get("parametersSha256"), file.get("parametersSha256"));
                assertEquals(memory.get("test"), file.get("test"));
            }
        }
    }

    @Test
    void anotherSeedGivesOtherParameters() throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            String settings = "training.epochs = 1, seed = ";
            JsonNode one = train(spark, settings + 1, "one");
            JsonNode two = train(spark, settings + 2, "two");
            assertFalse(one.get("parametersSha256").equals(two.get("parametersSha256")));
        }
    }

    @Test
    void everyWorkersExamplesAreTakenOnceAnEpochAndCounted() throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            train(spark, "training.epochs = 3, averaging { workers = 3, steps-per-round = 10 }", "counted");
            List<String> lines = Files.readAllLines(folder.resolve("counted/metrics.jsonl"));
            JsonNode last = new ObjectMapper().readTree(lines.get(lines.size() - 1));
            int train = 1797 - 250 - 250;
            assertEquals(3L * train, last.get("examples").asLong());
            assertEquals(3.0, last.get("epoch").asDouble());
            assertEquals(lines.size(), last.get("round").asInt());
            assertTrue(last.has("valid") && last.has("layers"));
        }
    }

    @Test
    void moreWorkersThanExamplesAPieceStillTrains() throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            JsonNode summary = train(
                    spark,
                    "training.epochs = 1, data.split { train = 20, valid = 10, test = 10 }, averaging.workers = 33",
                    "few");
            assertEquals("done", summary.get("status").asText());
        }
    }

    @Test
    void divergenceKeepsTheLastGoodModelAndSaysSo() throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            DivergenceException e = assertThrows(
                    DivergenceException.class,
                    () -> train(spark, "training { epochs = 5, updater.learning-rate = 1e30 }", "diverged"));
            assertEquals(4, e.exitCode());
            assertTrue(e.getMessage().contains("learning-rate"), e.getMessage());
            JsonNode summary = new ObjectMapper()
                    .readTree(folder.resolve("diverged/summary.json").toFile());
            assertEquals("diverged", summary.get("status").asText());
            assertTrue(Double.isFinite(summary.get("test").get("loss").asDouble()));
            assertTrue(Files.exists(folder.resolve("diverged/model/state.bin")));
        }
    }
}

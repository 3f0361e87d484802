package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.experiment.RewardExperiment;
import org.coinflip.spark.output.ModelDirectory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole trainings of policies, in this process. */
@Tag("numerical")
class PolicyTrainingTest {
    private static final String CART_POLE =
            """
            environment { type = cart-pole, most-steps = 60 }
            network.layers = [
              { type = stochastic, units = 9, law = bernoulli, estimator = reinforce }
              { type = stochastic, units = 1, law = bernoulli, estimator = nvil }
              { type = reward }
            ]
            training { batch = 5, epochs = 6, discount = 0.95, updater { type = Adam, learning-rate = 0.05 } }
            validation.every = 3
            """;

    @TempDir
    private Path folder;

    private JsonNode train(LocalSpark spark, String settings, String name) throws Exception {
        Path output = folder.resolve(name);
        RewardExperiment experiment =
                RewardExperiment.read(ConfigFactory.parseString(settings + "\noutput = \"" + output + "\"")
                        .withFallback(ConfigFactory.parseString(CART_POLE)));
        PolicyTraining.prepare(experiment).run(spark.context());
        return new ObjectMapper().readTree(output.resolve("summary.json").toFile());
    }

    @Test
    void theSameBitsOnOneSlotAndTwoInOneThreeAndFivePartitions() throws Exception {
        String expected = null;
        JsonNode test = null;
        for (int slots : new int[] {1, 2}) {
            try (LocalSpark spark = new LocalSpark(slots)) {
                for (int partitions : new int[] {0, 1, 3, 5}) {
                    String settings = "averaging { workers = 5, partitions = " + partitions + " }";
                    JsonNode summary = train(spark, settings, slots + "-" + partitions);
                    String sha = summary.get("parametersSha256").asText();
                    expected = expected == null ? sha : expected;
                    test = test == null ? summary.get("test") : test;
                    assertEquals(expected, sha, slots + " slots, " + partitions + " partitions");
                    assertEquals(test, summary.get("test"), slots + " slots, " + partitions + " partitions");
                }
            }
        }
    }

    @Test
    void severalStepsOnTheSameEpisodesHaveTheSameBitsHoweverTheyAreParted() throws Exception {
        String reuse = "training.reuse { steps = 3, clip = 0.1 }, averaging { workers = 5, partitions = ";
        String expected = null;
        List<List<JsonNode>> measured = new ArrayList<>();
        for (int slots : new int[] {1, 2}) {
            try (LocalSpark spark = new LocalSpark(slots)) {
                for (int partitions : new int[] {1, 3}) {
                    String name = "reuse-" + slots + "-" + partitions;
                    JsonNode summary = train(spark, reuse + partitions + " }", name);
                    String sha = summary.get("parametersSha256").asText();
                    expected = expected == null ? sha : expected;
                    assertEquals(expected, sha, name);
                    measured.add(ratios(name));
                    assertEquals(measured.get(0), measured.get(measured.size() - 1), name);
                    assertEquals(
                            3,
                            summary.get("config")
                                    .get("training")
                                    .get("reuse")
                                    .get("steps")
                                    .asInt());
                    assertTrue(Files.readString(folder.resolve(name + "/report.html"))
                            .contains("Steps on the same episodes"));
                }
            }
        }
        try (LocalSpark spark = new LocalSpark(1)) {
            JsonNode once = train(spark, "averaging.workers = 5", "once");
            assertNotEquals(expected, once.get("parametersSha256").asText());
            assertFalse(once.get("config").get("training").has("reuse"));
        }
    }

    /** What the lines say of the ratios: of every sample of numbers the mean logarithm is below the logarithm of the mean. */
    private List<JsonNode> ratios(String name) throws Exception {
        List<JsonNode> all = new ArrayList<>();
        for (String text : Files.readAllLines(folder.resolve(name + "/metrics.jsonl"))) {
            JsonNode line = new ObjectMapper().readTree(text);
            assertEquals(3 * line.get("round").asInt(), line.get("steps").asInt());
            assertEquals(25 * line.get("round").asInt(), line.get("episodes").asInt());
            assertEquals(
                    line.get("meanLength").asDouble(), line.get("meanReturn").asDouble(), 1e-9);
            assertTrue(line.get("meanLogRatio").asDouble()
                    < Math.log(line.get("meanRatio").asDouble()));
            assertEquals(1, line.get("meanRatio").asDouble(), 0.5);
            double clipped = line.get("clippedFraction").asDouble();
            assertTrue(clipped > 0 && clipped < 1);
            all.add(line.get("meanRatio"));
            all.add(line.get("meanLogRatio"));
            all.add(line.get("clippedFraction"));
        }
        return all;
    }

    @Test
    void everyWorkerPlaysItsOwnEpisodesAndTheyAreCounted() throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            JsonNode summary = train(spark, "averaging.workers = 3, evaluation.episodes = 60", "counted");
            List<String> lines = Files.readAllLines(folder.resolve("counted/metrics.jsonl"));
            assertEquals(6, lines.size());
            double steps = 0;
            for (String text : lines) {
                JsonNode line = new ObjectMapper().readTree(text);
                // every step earns 1
                assertEquals(
                        line.get("meanLength").asDouble(),
                        line.get("meanReturn").asDouble(),
                        1e-9);
                steps += 15 * line.get("meanLength").asDouble();
                assertEquals(steps, line.get("examples").asDouble(), 1e-6);
            }
            JsonNode last = new ObjectMapper().readTree(lines.get(5));
            assertEquals(90, last.get("episodes").asInt());
            assertTrue(last.has("valid") && last.has("layers"));
            assertEquals(60, summary.get("test").get("episodes").asInt());
            assertTrue(summary.get("test").get("standardError").isNumber());
            assertEquals("done", summary.get("status").asText());
            assertEquals(2, summary.get("layers").size());
            assertEquals(
                    0.95, summary.get("config").get("training").get("discount").asDouble());
            JsonNode other = train(spark, "averaging.workers = 3, seed = 2", "other");
            assertNotEquals(summary.get("parametersSha256"), other.get("parametersSha256"));
        }
    }

    @Test
    void whatARunWritesCanBeReadAndShown() throws Exception {
        try (LocalSpark spark = new LocalSpark(1)) {
            JsonNode summary = train(spark, "", "written");
            String output = folder.resolve("written/model").toString();
            assertEquals(
                    summary.get("parametersSha256").asText(),
                    ModelDirectory.read(output, new Configuration()).state().parametersSha256());
            String report = Files.readString(folder.resolve("written/report.html"));
            assertTrue(report.contains("Test return") && report.contains("mean sum of an episode&#39;s rewards")
                    || report.contains("mean sum of an episode's rewards"));
            // its resolved configuration is an experiment again, and the same one
            String config = summary.get("config").toString();
            JsonNode again = train(spark, config.substring(1, config.length() - 1), "again");
            assertEquals(summary.get("parametersSha256"), again.get("parametersSha256"));
        }
    }

    @Test
    void divergenceKeepsTheLastGoodModelAndSaysSo() throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            DivergenceException e = assertThrows(
                    DivergenceException.class,
                    () -> train(spark, "training.updater { type = Sgd, learning-rate = 1e39 }", "diverged"));
            assertEquals(4, e.exitCode());
            assertTrue(e.getMessage().contains("learning-rate"), e.getMessage());
            JsonNode summary = new ObjectMapper()
                    .readTree(folder.resolve("diverged/summary.json").toFile());
            assertEquals("diverged", summary.get("status").asText());
            assertTrue(Double.isFinite(summary.get("test").get("meanReturn").asDouble()));
            assertTrue(Files.exists(folder.resolve("diverged/model/state.bin")));
        }
    }
}

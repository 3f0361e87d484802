package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.broadcast.Broadcast;
import org.coinflip.data.Dataset;
import org.coinflip.data.Split;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.checkpoint.TrainingStopped;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.inference.Evaluation;
import org.coinflip.spark.round.ExampleStateIndex;
import org.coinflip.spark.round.ExampleStateStore;
import org.coinflip.spark.round.RoundSpan;
import org.coinflip.spark.shard.LocalShards;
import org.coinflip.spark.shard.Shards;
import org.coinflip.spark.state.StateBlocks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole trainings of energy-based networks on the embedded digits, in this process. */
@Tag("numerical")
class EnergyTrainingTest {
    private static final String SETTINGS =
            """
            network.layers = [ ${energy} ]
            energy {
              type = energy, hidden = [24, 16], units = 10, steps = 4, learning-rate-scales = [0.5, 0.2, 0.1]
            }
            data.split { train = 330, valid = 50, test = 50 }
            training { epochs = 2, batch = 16, updater { type = Sgd, learning-rate = 1 } }
            averaging { workers = 5, steps-per-round = 2 }
            checkpoint { every = 1 }
            """;

    private static final String PERSISTENT = "energy { persistent = true, steps-from-rest = 12 }\n";

    private static final String NOISY = "energy { noise { std = 0.05 } }\n";

    @TempDir
    private Path folder;

    private Experiment experiment(String settings, String name) {
        return Experiment.read(ConfigFactory.parseString(settings + "\noutput = \"" + folder.resolve(name) + "\"")
                .withFallback(ConfigFactory.parseString(SETTINGS))
                .resolve()
                .withoutPath("energy"));
    }

    private String train(LocalSpark spark, String settings, String name, Ending stop) throws IOException {
        Training.prepare(experiment(settings, name)).run(spark.context(), stop);
        return new ObjectMapper()
                .readTree(folder.resolve(name).resolve("summary.json").toFile())
                .get("parametersSha256")
                .asText();
    }

    @Test
    void theSameBitsOnOneSlotAndTwoFromOneThreeAndSevenPartitions() throws IOException {
        String plain = null;
        String persistent = null;
        String noisy = null;
        for (int slots : new int[] {1, 2}) {
            try (LocalSpark spark = new LocalSpark(slots)) {
                for (int partitions : new int[] {1, 3, 7}) {
                    String name = slots + "-" + partitions;
                    String setting = "averaging.partitions = " + partitions + "\n";
                    String sha = train(spark, setting, name, () -> false);
                    plain = plain == null ? sha : plain;
                    assertEquals(plain, sha, name);
                    if (slots == 2 || partitions == 1) {
                        sha = train(spark, setting + PERSISTENT, name + "-persistent", () -> false);
                        persistent = persistent == null ? sha : persistent;
                        assertEquals(persistent, sha, name);
                        sha = train(spark, setting + NOISY, name + "-noisy", () -> false);
                        noisy = noisy == null ? sha : noisy;
                        assertEquals(noisy, sha, name);
                    }
                }
            }
        }
        assertNotEquals(plain, persistent);
        assertNotEquals(plain, noisy);
    }

    @Test
    void persistentStatesGoOnToTheSameBits() throws Exception {
        Experiment experiment = experiment(PERSISTENT, "trial");
        Dataset data = Dataset.open(experiment.data(), new Configuration());
        TrialTraining trial = new TrialTraining(experiment, data.examples(Split.VALID), data.examples(Split.TEST));
        LocalShards shards = new LocalShards(
                data.examples(Split.TRAIN), experiment.averaging().workers(), experiment.seed());
        TrialTraining.Result whole = trial.run(shards, Map.of(), 0, 2);
        assertEquals(12, whole.settling().orElseThrow().steps());
        TrialTraining.Result first = trial.run(shards, Map.of(), 0, 1);
        assertEquals(
                whole.parametersSha256(),
                trial.run(shards, first.vectors(), 1, 2).parametersSha256());
        assertEquals(50 * data.examples(Split.TRAIN).size(), first.vectors().get("examples").length);
        try (LocalSpark spark = new LocalSpark(2)) {
            TrialTraining.Result job = trial.run(spark.context(), data.shards(Split.TRAIN), Map.of(), 0, 1);
            assertArrayEquals(first.vectors().get("examples"), job.vectors().get("examples"));
            for (int after : new int[] {1, 3, 5}) {
                AtomicInteger left = new AtomicInteger(after);
                String name = "stopped-" + after;
                assertThrows(
                        TrainingStopped.class, () -> train(spark, PERSISTENT, name, () -> left.decrementAndGet() <= 0));
                String resumed =
                        train(spark, PERSISTENT + "resume = true, averaging.partitions = 3", name, () -> false);
                assertEquals(whole.parametersSha256(), resumed, name);
            }
        }
    }

    @Test
    void theReportTellsWhetherFreePhasesSettle() throws IOException {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (LocalSpark spark = new LocalSpark(1)) {
            train(spark, "energy { steps = 80, initial-scale = 0.5 }", "late", () -> false);
            assertFalse(printed.toString(StandardCharsets.UTF_8).contains("warning"));
            train(spark, "energy.steps = 3", "early", () -> false);
            Config settings = ConfigFactory.parseString(
                    "data { source = digits, split { train = 330, valid = 50, test = 50 } }, split = valid, overwrite = true, model = \""
                            + folder.resolve("early/model") + "\", output = \"" + folder.resolve("evaluation") + "\"");
            Evaluation.prepare(settings).run(spark.context());
        } finally {
            System.setOut(before);
        }
        List<String> warnings = printed.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("warning: free phases from rest have not settled: "))
                .toList();
        assertEquals(2, warnings.size(), "of the training and of the evaluation");
        assertEquals(warnings.get(0), warnings.get(1));
        assertTrue(warnings.get(0).endsWith("raise steps, or set persistent = true, or set a smaller initial-scale"));
        JsonNode early = settling("early");
        JsonNode late = settling("late");
        assertEquals(early, settling("evaluation"), "on the validation examples too");
        assertEquals(3, early.get("steps").asInt());
        assertEquals(24 + 16 + 10, early.get("units").asInt());
        assertTrue(early.get("residual").asDouble() > 10 * late.get("residual").asDouble());
        assertTrue(early.get("changedLater").asDouble() > 0);
        assertEquals(0, late.get("changedLater").asDouble());
        List<String> lines = Files.readAllLines(folder.resolve("late/metrics.jsonl"));
        JsonNode last = new ObjectMapper().readTree(lines.get(lines.size() - 1));
        assertEquals(late, last.get("layers").get(0));
        String report = Files.readString(folder.resolve("early/report.html"));
        assertTrue(report.contains("Residual of the free phase"));
        assertTrue(report.contains("Of another class after 4 times the steps"));
    }

    private JsonNode settling(String name) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve(name).resolve("summary.json").toFile())
                .get("layers")
                .get(0);
    }

    @Test
    void whatIsKeptAndGoneIsToldInALine() {
        try (LocalSpark spark = new LocalSpark(1)) {
            Broadcast<Integer> gone = spark.context().broadcast(0);
            gone.destroy(true);
            Experiment experiment = experiment(PERSISTENT, "gone");
            Dataset data = Dataset.open(experiment.data(), new Configuration());
            Shards.Shard shard = new Shards.Shard(3, data.examples(Split.TRAIN));
            RoundSpan span = new RoundSpan(
                    7, 1, 2, 1, RoundSpan.NONE, RoundSpan.NONE, gone.id(), 8, new int[0], new int[0], 1, 0);
            assertEquals(
                    "got nothing that the last rounds kept of the examples of worker 3, expected it on an executor: all"
                            + " that held it are gone, go on from the last checkpoint by resume=true",
                    assertThrows(DataException.class, () -> new ExampleStateStore(40)
                                    .take(StateBlocks.here(), span, shard))
                            .getMessage());
        }
        assertEquals(
                "network.layers: got 1500 numbers to keep of each of 2000000 examples, expected fewer than 2^31 in all and"
                        + " 2^29 a worker: set persistent = false",
                assertThrows(UsageException.class, () -> ExampleStateIndex.check(1500, new int[] {1000000, 1000000}))
                        .getMessage());
    }
}

package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.coinflip.dl4j.DataSets;
import org.coinflip.dl4j.NetworkConversion;
import org.coinflip.dl4j.Parameters;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.WorkerOrder;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.output.ModelDirectory;
import org.coinflip.spark.shard.Shards;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.DataSet;

/** {@code backend = dl4j}: the same job, the steps and the averages DL4J's. */
@Tag("numerical")
class Dl4jTrainerTest {
    /**
     * Two BLAS libraries, and sums of averages in another order. Each of at most 160 steps rounds weights below 1 three times and takes gradients of about 0.1,
     * which some 220 roundings lie behind, at a rate of 0.1: 5 u, u = 2⁻²⁴, in each of the two.
     */
    private static final float ROUNDING = 2 * 160 * 5 * 0x1p-24f;

    /** A loss moves with all parameters at once. */
    private static final double LOSS_ROUNDING = 10 * ROUNDING;

    private static final String DENSE =
            """
            network.layers = [
              { type = dense, units = 30, activation = tanh }
              { type = dense, units = 20, activation = softplus, learning-rate-scale = 0.5 }
              { type = output, units = 10 }
            ]
            data { source = digits, split { train = 1280, valid = 250, test = 250 } }
            training { batch = 16, epochs = 2 }
            averaging { workers = 2, steps-per-round = 7 }
            validation { draws = 2, examples = 32 }
            """;

    @TempDir
    private Path folder;

    private Experiment experiment(String name, String settings) {
        return Experiment.read(
                ConfigFactory.parseString(settings + "\noutput = \"" + folder.resolve(name) + "\", name = " + name)
                        .withFallback(ConfigFactory.parseString(DENSE)));
    }

    private State train(LocalSpark spark, String name, String settings) {
        Training.prepare(experiment(name, settings)).run(spark.context());
        return ModelDirectory.read(folder.resolve(name + "/model").toString(), new Configuration())
                .state();
    }

    private JsonNode json(String name) throws Exception {
        return new ObjectMapper().readTree(folder.resolve(name).toFile());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "updater { type = Sgd, learning-rate = 0.1 }",
                "updater { type = Sgd, learning-rate = 0.1 }, weight-decay = 0.01, schedule = cosine",
                "updater { type = Nesterovs, learning-rate = 0.02 }"
            })
    void agreesWithTheOwnBackendWhereShardsAreEqual(String training) throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            State own = train(spark, "own", "training { " + training + " }");
            State dl4j = train(spark, "dl4j", "backend = dl4j, training { " + training + " }");
            assertArrayEquals(own.values().toArray(), dl4j.values().toArray(), ROUNDING);
        }
        assertEquals(
                json("own/summary.json").get("test").get("loss").asDouble(),
                json("dl4j/summary.json").get("test").get("loss").asDouble(),
                LOSS_ROUNDING);
        List<String> own = Files.readAllLines(folder.resolve("own/metrics.jsonl"));
        List<String> dl4j = Files.readAllLines(folder.resolve("dl4j/metrics.jsonl"));
        assertEquals(own.size(), dl4j.size());
        for (int r = 0; r < own.size(); r++) {
            JsonNode one = new ObjectMapper().readTree(own.get(r));
            JsonNode two = new ObjectMapper().readTree(dl4j.get(r));
            for (String exact : List.of("round", "steps", "examples", "epoch", "learningRate")) {
                assertEquals(one.get(exact), two.get(exact), exact);
            }
            assertEquals(one.get("trainLoss").asDouble(), two.get("trainLoss").asDouble(), LOSS_ROUNDING);
        }
    }

    /** Averaging after every step of plain descent is one step with the mean gradient of all batches, if they are equally large. */
    @Test
    void fourWorkersAveragedEachStepAreOneMachineWithTheirBatchesTogether() {
        String settings = "training { epochs = 1, updater { type = Sgd, learning-rate = 0.1 } },"
                + " averaging { workers = 4, steps-per-round = 1 }";
        State averaged;
        Network network;
        MultiLayerNetwork machine;
        try (LocalSpark spark = new LocalSpark(2)) {
            averaged = train(spark, "averaged", "backend = dl4j, " + settings);
            Experiment experiment = experiment("machine", settings);
            network = new Network(experiment.networkSpec(64));
            State initial = new State(network.layout());
            network.initialise(initial, experiment.seed());
            machine = new MultiLayerNetwork(
                    new NetworkConversion(network.spec(), experiment.training(), 20).configuration(1));
            machine.init();
            Parameters.copy(initial, machine);
            org.coinflip.data.Dataset digits = org.coinflip.data.Dataset.open(experiment.data(), new Configuration());
            try (Shards shards = Shards.distribute(
                    spark.context().parallelize(List.of(digits.examples(org.coinflip.data.Split.TRAIN)), 1),
                    4,
                    experiment.seed(),
                    4)) {
                List<Examples> byWorker = shards.rdd().collect().stream()
                        .map(shard -> (Examples) shard.examples())
                        .toList();
                for (int step = 0; step < 20; step++) {
                    List<DataSet> batches = new ArrayList<>();
                    for (int worker = 0; worker < 4; worker++) {
                        int[] places = new int[16];
                        int count = new WorkerOrder(experiment.seed(), 0, worker, 320, 16).places(step, places);
                        batches.add(DataSets.of(byWorker.get(worker), places, count));
                    }
                    machine.fit(DataSet.merge(batches));
                }
            }
        }
        State alone = new State(network.layout());
        Parameters.copy(machine, alone);
        assertArrayEquals(alone.values().toArray(), averaged.values().toArray(), ROUNDING);
    }

    @Test
    void stochasticLayersAndUnequalShardsTrainToTheSameBitsTwice() throws Exception {
        String settings =
                """
                backend = dl4j, data.split.train = 1275
                network.layers = [
                  { type = stochastic, units = 60, estimator = %s }
                  { type = stochastic, units = 40, estimator { type = straight-through, derivative = sigmoid } }
                  { type = output, units = 10 }
                ]
                training { epochs = %d, updater { type = Adam, learning-rate = 0.01 }, batch = 15 }
                averaging.steps-per-round = 14
                """;
        String reinforce = String.format(settings, "reinforce", 1);
        try (LocalSpark spark = new LocalSpark(2)) {
            State first = train(spark, "first", reinforce);
            assertArrayEquals(
                    first.values().toArray(),
                    train(spark, "second", reinforce).values().toArray());
            State other = train(spark, "other", reinforce + "\nseed = 2");
            assertFalse(first.parametersSha256().equals(other.parametersSha256()));
            train(spark, "learned", String.format(settings, "{ type = straight-through, derivative = sigmoid }", 4));
        }
        JsonNode summary = json("learned/summary.json");
        assertEquals("done", summary.get("status").asText());
        assertEquals("dl4j", summary.get("config").get("backend").asText());
        assertTrue(summary.get("test").get("error").asDouble() < 0.5, "chance is 0.9: " + summary.get("test"));
        assertEquals(2, summary.get("layers").size());
        assertTrue(Files.exists(folder.resolve("learned/report.html")));
    }

    @Test
    void leavesNothingCached() {
        try (LocalSpark spark = new LocalSpark(2)) {
            train(spark, "cached", "backend = dl4j, training.epochs = 1");
            // the validation split is the job's own
            assertTrue(spark.context().getPersistentRDDs().size() <= 1);
        }
    }

    @Test
    void divergenceIsReportedAndKeepsTheLastGoodModel() throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            DivergenceException e = assertThrows(
                    DivergenceException.class,
                    () -> train(spark, "diverged", "backend = dl4j, training.updater.learning-rate = 1e30"));
            assertTrue(e.getMessage().contains("learning-rate"), e.getMessage());
        }
        assertEquals("diverged", json("diverged/summary.json").get("status").asText());
    }

    @Test
    void whatDl4jHasNotIsRefusedBeforeAnythingIsWritten() {
        UsageException e = assertThrows(
                UsageException.class,
                () -> Training.prepare(experiment(
                        "refused",
                        "backend = dl4j, network.layers = [ { type = dropout }, { type = output, units = 10 } ]")));
        assertTrue(e.getMessage().contains("dropout"), e.getMessage());
        assertFalse(Files.exists(folder.resolve("refused")));
        e = assertThrows(UsageException.class, () -> experiment("refused", "backend = dl4"));
        assertTrue(e.getMessage().contains("dl4j"), e.getMessage());
    }
}

package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.Dataset;
import org.coinflip.data.Split;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.shard.LocalShards;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A trial's training in one thread against the job train. */
@Tag("numerical")
class TrialTrainingTest {
    private static final String SETTINGS =
            """
            network.layers = [
              { type = stochastic, units = 30, law = bernoulli, estimator = reinforce }
              { type = stochastic, units = 20, law = stochastic-times-smooth }
              { type = output, units = 10 }
            ]
            training { epochs = 4, batch = 16, updater { type = Adam, learning-rate = 0.01 }, schedule { type = linear } }
            averaging { workers = 5, steps-per-round = 7 }
            validation { draws = 2, examples = 32, metric = ece }
            """;

    @TempDir
    private Path folder;

    private final Experiment experiment = Experiment.read(ConfigFactory.parseString(SETTINGS));
    private final Dataset data = Dataset.open(experiment.data(), new Configuration());
    private final TrialTraining training =
            new TrialTraining(experiment, data.examples(Split.VALID), data.examples(Split.TEST));
    private final LocalShards shards =
            new LocalShards(data.examples(Split.TRAIN), experiment.averaging().workers(), experiment.seed());

    @Test
    void endsInTheBitsOfTheJobTrain() throws Exception {
        TrialTraining.Result trial = training.run(shards, Map.of(), 0, 4);
        Path output = folder.resolve("train");
        try (LocalSpark spark = new LocalSpark(2)) {
            Training.prepare(Experiment.read(ConfigFactory.parseString(SETTINGS + "\noutput = \"" + output + "\"")))
                    .run(spark.context());
            TrialTraining.Result job = training.run(spark.context(), data.shards(Split.TRAIN), Map.of(), 0, 4);
            assertEquals(trial.parametersSha256(), job.parametersSha256());
        }
        JsonNode summary =
                new ObjectMapper().readTree(output.resolve("summary.json").toFile());
        assertEquals(summary.get("parametersSha256").asText(), trial.parametersSha256());
        assertEquals(
                summary.get("valid").get("errors").asLong(),
                trial.curve().get(3).valid().errors());
        assertEquals(summary.get("test").get("errors").asLong(), trial.test().errors());
        assertEquals(
                Map.of(
                        "valid.ece", summary.at("/valid/measures/ece").asDouble(),
                        "test.ece", summary.at("/test/measures/ece").asDouble()),
                trial.measured());
    }

    /** What looks decide, and what is kept of all, is the same in a trial and in a job. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "training { epochs = 30, updater.learning-rate = 0.1 }, validation { patience = 2, metric = error }",
                "training { epochs = 6, schedule { type = plateau, patience = 1 }, updater.learning-rate = 0.1 }",
                "training { ema = 0.9, updater { type = Muon } }"
            })
    void whatLooksDecideIsTheSameInAJob(String more) throws Exception {
        Path output = folder.resolve("decided");
        String settings = SETTINGS + more + "\noutput = \"" + output + "\"";
        Experiment decided = Experiment.read(ConfigFactory.parseString(settings));
        TrialTraining.Result trial = new TrialTraining(decided, data.examples(Split.VALID), data.examples(Split.TEST))
                .run(shards, Map.of(), 0, decided.training().epochs());
        try (LocalSpark spark = new LocalSpark(2)) {
            Training.prepare(decided).run(spark.context());
        }
        JsonNode summary =
                new ObjectMapper().readTree(output.resolve("summary.json").toFile());
        assertEquals(summary.get("parametersSha256").asText(), trial.parametersSha256());
        assertEquals(
                summary.get("valid").get("errors").asLong(),
                trial.kept().valid().errors());
        assertEquals(summary.get("test").get("errors").asLong(), trial.test().errors());
        if (more.contains("patience = 2")) {
            assertTrue(summary.get("stoppedEarly").asBoolean(), "it was to end early");
            assertTrue(trial.kept().epoch() < trial.curve().size());
            assertEquals(trial.kept().epoch() + 2, trial.curve().size());
        }
    }

    @Test
    void partsThatFollowOneAnotherAreTheWhole() throws Exception {
        TrialTraining.Result whole = training.run(shards, Map.of(), 0, 4);
        TrialTraining.Result first = training.run(shards, Map.of(), 0, 1);
        TrialTraining.Result second = training.run(shards, first.vectors(), 1, 3);
        TrialTraining.Result third = training.run(shards, second.vectors(), 3, 4);
        assertEquals(whole.parametersSha256(), third.parametersSha256());
        assertArrayEquals(whole.vectors().get("state"), third.vectors().get("state"));
        assertEquals(whole.curve().get(3), third.curve().get(0));
        assertEquals(2, second.curve().size());
    }

    @Test
    void moreWorkersThanExamplesAPieceHaveTheShardsOfTheCluster() {
        LocalShards many =
                new LocalShards(data.examples(Split.TRAIN).select(new int[] {5, 9, 2}), 7, experiment.seed());
        int sum = 0;
        for (int size : many.sizes()) {
            assertTrue(size <= 1);
            sum += size;
        }
        assertEquals(3, sum);
    }
}

package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.checkpoint.TrainingStopped;
import org.coinflip.spark.experiment.Experiment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Trainings in this process that are stopped and go on, and one that is never stopped, whose bits they give. */
abstract class StoppedTrainings {
    /** All kinds of state: an updater's memory, a baseline, trained coefficients of a control variate. */
    static final String NETWORK =
            """
            network.layers = [
              { type = gaussian-noise, std = 0.1 }
              { type = stochastic, units = 12, law = bernoulli, estimator = reinforce }
              { type = stochastic, units = 8, law = bernoulli, estimator = relax }
              { type = output, units = 10 }
            ]
            data.split { train = 600, valid = 200, test = 200 }
            training { epochs = 4, batch = 10, updater { type = Adam, learning-rate = 0.01 }, schedule { type = linear } }
            averaging { workers = 3, steps-per-round = 5 }
            validation { draws = 2, examples = 32 }
            checkpoint { every = 2, keep = 3 }
            """;

    static final int ROUNDS = 16;

    static LocalSpark spark;
    static JsonNode unbroken;

    @TempDir
    static Path folder;

    @BeforeAll
    static void trainWithoutABreak() throws IOException {
        spark = new LocalSpark(2);
        unbroken = train("unbroken", "");
        assertEquals(ROUNDS, lines("unbroken").size());
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    static JsonNode train(String name, String settings) throws IOException {
        training(name, settings).run(spark.context());
        return summary(name);
    }

    static Training training(String name, String settings) {
        return Training.prepare(
                Experiment.read(ConfigFactory.parseString(settings + "\noutput = \"" + folder.resolve(name) + "\"")
                        .withFallback(ConfigFactory.parseString(NETWORK))));
    }

    static void stopped(String name, int after, String settings) {
        TrainingStopped stopped = assertThrows(
                TrainingStopped.class, () -> training(name, settings).run(spark.context(), afterRounds(after)));
        assertEquals(5, stopped.exitCode());
        assertTrue(stopped.getMessage().contains("resume=true"), stopped.getMessage());
    }

    /**
     * A request to stop that ends a training after so many rounds: executors hear of it in the round after that in which it is made, so after no fewer
     * than two.
     */
    static Ending afterRounds(int count) {
        AtomicInteger left = new AtomicInteger(count - 1);
        return () -> left.decrementAndGet() <= 0;
    }

    static void same(JsonNode resumed, String name) throws IOException {
        for (String key : new String[] {"parametersSha256", "valid", "test", "layers", "rounds"}) {
            assertEquals(unbroken.get(key), resumed.get(key), key);
        }
        List<JsonNode> expected = lines("unbroken");
        List<JsonNode> got = lines(name);
        assertEquals(expected.size(), got.size());
        double seconds = 0;
        for (int i = 0; i < expected.size(); i++) {
            for (String key : new String[] {"round", "epoch", "steps", "examples", "trainLoss", "valid"}) {
                assertEquals(expected.get(i).get(key), got.get(i).get(key), key);
            }
            assertTrue(got.get(i).get("seconds").asDouble() > seconds);
            seconds = got.get(i).get("seconds").asDouble();
        }
    }

    static void refused(Class<? extends CoinflipException> type, String part, String name, String settings) {
        CoinflipException failure = assertThrows(type, () -> training(name, settings));
        assertTrue(failure.getMessage().contains(part), failure.getMessage());
        assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
    }

    static Path checkpoint(String name, String file) {
        return folder.resolve(name).resolve("checkpoints").resolve(file);
    }

    static List<String> names(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(name).resolve("checkpoints"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    static JsonNode summary(String name) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve(name).resolve("summary.json").toFile());
    }

    static List<JsonNode> lines(String name) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(name).resolve("metrics.jsonl"))) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }
}

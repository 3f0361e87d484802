package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.memory.State;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.output.ModelDirectory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Trainings that begin with what another left. */
@TestInstance(Lifecycle.PER_CLASS)
class WarmStartTest {
    private static final String NETWORK =
            """
            network.layers = [
              { type = dense, units = 12, activation = tanh, learning-rate-scale = %s }
              { type = stochastic, units = %d, law = bernoulli, learning-rate-scale = %s }
              { type = output, units = 10 }
            ]
            training { batch = 16, epochs = 1, updater { type = Momentum, learning-rate = 0.05 } }
            validation { draws = 2, examples = 32 }
            """;

    private Path folder;
    private LocalSpark spark;

    @BeforeAll
    void train(@TempDir Path folder) throws Exception {
        this.folder = folder;
        spark = new LocalSpark(2);
        train("first", "seed = 1", network("1", 8, "1"));
    }

    @AfterAll
    void stop() {
        spark.close();
    }

    private static String network(String firstScale, int units, String secondScale) {
        return String.format(NETWORK, firstScale, units, secondScale);
    }

    private State train(String name, String settings, String network) {
        Experiment experiment = Experiment.read(ConfigFactory.parseString(settings)
                .withFallback(ConfigFactory.parseString("output = \"" + folder.resolve(name) + "\"\n" + network)));
        Training.prepare(experiment).run(spark.context());
        return ModelDirectory.read(folder.resolve(name) + "/model", new Configuration())
                .state();
    }

    private String start(String more) {
        return "seed = 2, start { model = \"" + folder.resolve("first/model") + "\"" + more + " }";
    }

    /** Layers whose rate is 0 stay as they were, so they show what they began with. */
    @Test
    void frozenLayersAreTheModels() {
        State first = ModelDirectory.read(folder.resolve("first/model").toString(), new Configuration())
                .state();
        State second = train("frozen", start(""), network("0", 8, "0"));
        for (String segment : new String[] {"layer0.weights", "layer0.biases", "layer1.weights", "layer1.biases"}) {
            assertArrayEquals(
                    first.view(segment).toArray(), second.view(segment).toArray(), segment);
        }
        assertNotEquals(first.parametersSha256(), second.parametersSha256());
    }

    @Test
    void onlyTheFirstLayersAreTakenWhereSoManyAreAsked() {
        State first = ModelDirectory.read(folder.resolve("first/model").toString(), new Configuration())
                .state();
        State random = train("random", "seed = 2", network("0", 9, "0"));
        State second = train("one", start(", layers = 1"), network("0", 9, "0"));
        assertArrayEquals(
                first.view("layer0.weights").toArray(),
                second.view("layer0.weights").toArray());
        assertArrayEquals(
                random.view("layer1.weights").toArray(),
                second.view("layer1.weights").toArray());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        UsageException size = assertThrows(UsageException.class, () -> train("wide", start(""), network("1", 9, "1")));
        assertEquals(
                "start.model " + folder.resolve("first/model")
                        + ": its layer1.weights is 12×8 numbers, expected 12×9 numbers: name another model, layers that fit,"
                        + " or by start.layers how many of the first are taken",
                size.getMessage());
        UsageException many =
                assertThrows(UsageException.class, () -> train("many", start(", layers = 4"), network("1", 8, "1")));
        assertEquals("start.layers: got 4, expected at most the network's 3", many.getMessage());
    }

    /** A checkpoint goes on only from the same start, wherever that lies. */
    @Test
    void theStartIsAPartOfATrainingsIdentity() {
        String three = "checkpoint.every = 1, averaging.steps-per-round = 10,";
        train("kept", three + start(""), network("1", 8, "1"));
        UsageException refused = assertThrows(
                UsageException.class,
                () -> train("kept", three + "seed = 2, resume = true, training.epochs = 2", network("1", 8, "1")));
        assertEquals(true, refused.getMessage().contains("start is {"), refused.getMessage());
    }
}

package org.coinflip.spark.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trials know the pictures of their data, as trainings do. */
class ConvolutionSweepTest {
    private static final String SWEEP =
            """
            data { source = digits, split { train = 200 } }
            network.layers = [
              { type = conv, channels = 4, kernel = 3, law = bernoulli, estimator = straight-through }
              { type = pool, kernel = 2 }
              { type = output, units = 10 }
            ]
            training { batch = 20, epochs = 2, updater { type = Adam, learning-rate = 0.01 } }
            sweep { sampler = grid, keep-models = 1, space { network.layers.0.channels = [2, 4] } }
            """;

    @TempDir
    private Path folder;

    @Test
    void aConvolutionNeedsNoImageWhereTheDataSayIt() throws Exception {
        Path output = folder.resolve("out");
        for (String as : new String[] {"tasks", "jobs"}) {
            try (LocalSpark spark = new LocalSpark(2)) {
                String settings = SWEEP + "sweep.execution.as = " + as + "\noutput = \"" + output + as + "\"";
                Sweep.prepare(ConfigFactory.parseString(settings))
                        .run(SparkSession.builder()
                                .config(spark.context().getConf())
                                .getOrCreate());
            }
        }
        JsonNode tasks = summary(output + "tasks");
        assertEquals(0, tasks.get("failed").asInt());
        assertEquals(tasks.get("tableSha256"), summary(output + "jobs").get("tableSha256"));
        assertTrue(Files.readString(Path.of(output + "tasks", "best/1/model/model.json"))
                .contains("conv"));
    }

    private static JsonNode summary(String output) throws Exception {
        return new ObjectMapper().readTree(Path.of(output, "summary.json").toFile());
    }
}

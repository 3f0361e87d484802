package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.experiment.Experiment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole trainings of energy-based networks on the embedded digits, in this process. */
class EnergyTrainingTest {
    private static final String SETTINGS =
            """
            network.layers = [
              { type = energy, hidden = [24, 16], units = 10, steps = 15, learning-rate-scales = [0.5, 0.2, 0.1] }
            ]
            training { epochs = 2, batch = 16, updater { type = Sgd, learning-rate = 1 } }
            averaging { workers = 5, steps-per-round = 7 }
            """;

    @TempDir
    private Path folder;

    private JsonNode train(LocalSpark spark, String settings, String name) throws IOException {
        Path output = folder.resolve(name);
        Experiment experiment = Experiment.read(ConfigFactory.parseString(settings + "\noutput = \"" + output + "\"")
                .withFallback(ConfigFactory.parseString(SETTINGS)));
        Training.prepare(experiment).run(spark.context());
        return new ObjectMapper().readTree(output.resolve("summary.json").toFile());
    }

    @Test
    void theSameBitsOnOneSlotAndTwoFromOneThreeAndSevenPartitions() throws IOException {
        String expected = null;
        for (int slots : new int[] {1, 2}) {
            try (LocalSpark spark = new LocalSpark(slots)) {
                for (int partitions : new int[] {1, 3, 7}) {
                    String name = slots + "-" + partitions;
                    JsonNode summary = train(spark, "averaging.partitions = " + partitions, name);
                    String sha = summary.get("parametersSha256").asText();
                    expected = expected == null ? sha : expected;
                    assertEquals(expected, sha, slots + " slots, " + partitions + " partitions");
                }
            }
        }
    }
}

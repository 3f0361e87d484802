package org.coinflip.spark.study.scaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.study.StudyRun;
import org.coinflip.spark.study.StudySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalingStudyTest {
    @TempDir
    private Path folder;

    @Test
    void measuresEveryPartOfARoundAndPredictsTheSameForMoreWorkers() throws Exception {
        String settings =
                """
                study {
                  type = scaling, inputs = 20, rounds = 3, workers = [10, 1000]
                  network.layers = [ { type = dense, units = 30, activation = relu }, { type = output, units = 4 } ]
                  training.batch = 8
                  steps-per-round = 5
                }
                """;
        try (LocalSpark spark = new LocalSpark(2)) {
            StudySpec spec =
                    StudySpec.read(ConfigFactory.parseString(settings + "output = \"" + folder.resolve("out") + "\""));
            StudyRun.prepare(spec)
                    .run(SparkSession.builder()
                            .sparkContext(spark.context().sc())
                            .getOrCreate());
        }
        JsonNode summary =
                new ObjectMapper().readTree(folder.resolve("out/summary.json").toFile());
        assertEquals(2, summary.get("slots").asInt());
        assertEquals(4 * (20 * 30 + 30 + 30 * 4 + 4), summary.get("stateBytes").asInt());
        for (String part : new String[] {"step", "broadcast", "combine"}) {
            assertTrue(summary.get(part + "Millis").asDouble() > 0, part);
        }
        JsonNode predicted = summary.get("predicted");
        assertEquals(predicted.get("10"), predicted.get("1000"));
        double efficiency = predicted.get("1000").get("efficiency").asDouble();
        assertTrue(efficiency > 0 && efficiency < 1, "efficiency " + efficiency);
    }
}

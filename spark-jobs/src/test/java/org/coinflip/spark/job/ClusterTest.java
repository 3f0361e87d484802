package org.coinflip.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose executors are processes. Left out with {@code -DexcludedGroups=cluster}. */
@Tag("cluster")
class ClusterTest {
    @TempDir
    private Path folder;

    @Test
    void theSameBitsFromOneSlotTwoSlotsAndTwoExecutors() throws Exception {
        assertEquals(
                0, JobCommand.run(new TrainJob(), arguments("one", "averaging.partitions=1", "--master=local[1]")));
        assertEquals(
                0, JobCommand.run(new TrainJob(), arguments("two", "averaging.partitions=3", "--master=local[2]")));
        JobProcess cluster =
                JobProcess.train(folder, "local-cluster[2,1,2048]", arguments("cluster", "averaging.partitions=7"));
        assertEquals(List.of(), cluster.errors());
        assertEquals(0, cluster.exit());
        assertEquals(parameters("one"), parameters("two"));
        assertEquals(parameters("one"), parameters("cluster"));
    }

    private String[] arguments(String name, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.add("output=" + folder.resolve(name));
        all.addAll(List.of("training.epochs=1", "averaging.workers=4", "averaging.steps-per-round=7"));
        all.addAll(List.of("evaluation.draws=2", "validation.draws=2", "validation.examples=16"));
        all.add("--conf=../conf/digits.conf");
        return all.toArray(new String[0]);
    }

    private String parameters(String name) throws Exception {
        return new ObjectMapper()
                .readTree(folder.resolve(name).resolve("summary.json").toFile())
                .get("parametersSha256")
                .asText();
    }
}

package org.coinflip.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 576 MB of examples are prepared, and trained on, in a heap of 192 MB. */
class LargerThanMemoryTest {
    /** Spark wants 300 MB of a heap for itself: too much of this one. What is outside the heap is of the native libraries. */
    private static final Map<String, String> SMALL = Map.of(
            "spark.driver.memory",
            "192m",
            "spark.driver.extraJavaOptions",
            "-XX:MaxDirectMemorySize=700m",
            "spark.testing.reservedMemory",
            String.valueOf(32 << 20));

    @TempDir
    private Path folder;

    @Test
    void dataLargerThanTheHeapArePreparedAndTrainedOn() throws Exception {
        JobProcess prepared = run(
                PrepareJob.class,
                "data={ source = synthetic, features = 4096, classes = 2, split { train = 147456, valid = 100, test = 100 } }",
                "shards=64",
                "output=" + folder.resolve("data"));
        assertEquals(new JobProcess(0, List.of()), prepared);
        JobProcess trained = run(
                TrainJob.class,
                "data={ source = prepared, path = \"" + folder.resolve("data") + "\" }",
                "network.layers=[ { type = dense, units = 4, activation = tanh }, { type = output, units = 2 } ]",
                "training={ epochs = 1, batch = 128 }",
                "averaging={ workers = 2, steps-per-round = 100 }",
                "output=" + folder.resolve("out"));
        assertEquals(new JobProcess(0, List.of()), trained);
    }

    private JobProcess run(Class<?> job, String... arguments) throws Exception {
        return JobProcess.run(folder, "local[1]", SMALL, job, arguments);
    }
}

package org.coinflip.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.coinflip.model.kernel.BlasLibrary;
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
        // each executor measured a part of the validation split
        for (String measured : List.of("valid", "test")) {
            assertTrue(summary("one").at("/" + measured + "/measures/auc").asDouble() > 0.5, measured);
            assertEquals(summary("one").get(measured), summary("two").get(measured));
            assertEquals(summary("one").get(measured), summary("cluster").get(measured));
        }
    }

    /** Slices go over Spark's network layer, with the application's secret and AES. */
    @Test
    void authenticationAndEncryptionChangeNoBit() throws Exception {
        sameAsInOneProcess(Map.of(
                "spark.authenticate",
                "true",
                "spark.authenticate.secret",
                "0123456789abcdef0123456789abcdef",
                "spark.network.crypto.enabled",
                "true"));
    }

    /** Executors without the driver's vectors, and with another kernel of the library: portable arithmetic does not see it. */
    @Test
    void portableArithmeticGivesTheSameBitsOnExecutorsOfAnotherKind() throws Exception {
        sameAsInOneProcess(Map.of(
                "spark.executorEnv.OPENBLAS_CORETYPE", "Nehalem", "spark.executor.extraJavaOptions", "-XX:UseAVX=1"));
    }

    private void sameAsInOneProcess(Map<String, String> settings) throws Exception {
        assertEquals(
                0, JobCommand.run(new TrainJob(), arguments("one", "averaging.partitions=1", "--master=local[1]")));
        JobProcess cluster =
                JobProcess.run(folder, "local-cluster[2,1,2048]", settings, TrainJob.class, arguments("cluster"));
        assertEquals(List.of(), cluster.errors());
        assertEquals(0, cluster.exit());
        assertEquals(parameters("one"), parameters("cluster"));
    }

    @Test
    void fastArithmeticSaysInALineThatExecutorsRoundOtherwise() throws Exception {
        assumeTrue(BlasLibrary.OPENBLAS.loads());
        JobProcess cluster = JobProcess.run(
                folder,
                "local-cluster[2,1,2048]",
                Map.of(
                        "spark.driver.extraJavaOptions",
                        "-Dcoinflip.blas=openblas",
                        "spark.executorEnv.OPENBLAS_CORETYPE",
                        "Nehalem"),
                TrainJob.class,
                arguments("cluster", "arithmetic=fast"));
        assertEquals(0, cluster.exit());
        assertEquals(1, cluster.errors().size(), String.join("\n", cluster.errors()));
        String line = cluster.errors().get(0);
        assertTrue(
                line.matches(
                        "preflight warning: kernels: executor \\d has OpenBLAS .*, rounding \\p{XDigit}{8}, the driver"
                                + " OpenBLAS .*, rounding \\p{XDigit}{8}: .* or arithmetic = portable"),
                line);
    }

    private String[] arguments(String name, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.add("output=" + folder.resolve(name));
        all.addAll(List.of("training.epochs=1", "averaging.workers=4", "averaging.steps-per-round=7"));
        all.addAll(List.of("evaluation.draws=2", "validation.draws=2", "validation.examples=16"));
        all.add("validation.metric=auc");
        all.add("--conf=../conf/digits.conf");
        return all.toArray(new String[0]);
    }

    private String parameters(String name) throws Exception {
        return summary(name).get("parametersSha256").asText();
    }

    private JsonNode summary(String name) throws Exception {
        return new ObjectMapper()
                .readTree(folder.resolve(name).resolve("summary.json").toFile());
    }
}

package org.coinflip.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The measurements of docs/spark-ml.md, not part of the suite: {@code mvn -pl spark-jobs -am test -Dtest=FrameBenchmarkTest
 * -Dcoinflip.measure=true -Dsurefire.failIfNoSpecifiedTests=false}. Figures are in {@code spark-jobs/target/frames-*.txt}.
 */
@EnabledIfSystemProperty(named = "coinflip.measure", matches = "true")
class FrameBenchmarkTest {
    private static final String CLASS_PATH = System.getProperty("java.class.path");
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void aMillionRowsOnTwoExecutorsOfOneGibibyte() throws Exception {
        run("local-cluster[2,1,1024]", "frames-train", "train", "1000000", "200");
    }

    @Test
    void rowsASecond() throws Exception {
        run("local[1]", "frames-transform", "transform", "20000");
    }

    private static void run(String master, String name, String what, String... arguments)
            throws IOException, InterruptedException {
        Path target = Path.of("target").toAbsolutePath();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + PROJECT.resolve("conf/java-options"),
                "-Xmx1g",
                "-cp",
                CLASS_PATH,
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                master,
                "--conf",
                "spark.ui.enabled=false",
                "--conf",
                "spark.executor.memory=1g",
                "--conf",
                "spark.executor.defaultJavaOptions=--add-modules=jdk.incubator.vector",
                "--conf",
                "spark.executor.extraClassPath=" + CLASS_PATH,
                "--conf",
                "spark.driver.host=127.0.0.1",
                "--class",
                FrameBenchmark.class.getName(),
                "spark-internal",
                what,
                target.resolve(name + ".txt").toString()));
        command.addAll(List.of(arguments));
        Path errors = target.resolve(name + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(errors.toFile());
        Files.createDirectories(target.resolve("frames-spark/jars"));
        builder.environment().put("SPARK_HOME", target.resolve("frames-spark").toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.12");
        Process process = builder.start();
        if (!process.waitFor(20, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        assertEquals(0, process.exitValue(), () -> "see " + errors);
    }
}

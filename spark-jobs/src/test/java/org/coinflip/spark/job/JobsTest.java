package org.coinflip.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.inference.TrainedDigits;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Command lines as a user gives them: what they print, and the exit code. */
class JobsTest {
    @TempDir
    private static Path folder;

    private static TrainedDigits digits;

    @TempDir
    private Path outputs;

    @BeforeAll
    static void train() {
        try (LocalSpark spark = new LocalSpark(2)) {
            digits = new TrainedDigits(spark.context(), folder);
        }
    }

    @Test
    void preparesThenEvaluatesThenPredicts() throws IOException {
        String prepared = outputs.resolve("prepared").toString();
        Outcome prepare = Outcome.of(new PrepareJob(), "data.source=digits", "shards=2", "output=" + prepared);
        assertEquals(0, prepare.exit(), prepare.err());
        assertEquals(
                List.of(
                        "digits: 1297 train, 250 valid, 250 test examples of 64 features",
                        "10 classes: 178 182 177 183 181 182 181 179 174 180"),
                prepare.out().lines().limit(2).toList());
        JsonNode summary = summary("prepared");
        assertEquals("prepare", summary.get("job").asText());
        assertEquals("done", summary.get("status").asText());
        assertEquals(250, summary.get("counts").get("test").asInt());
        assertEquals(179, summary.get("classHistogram").get(7).asInt());

        String model = "model=" + digits.model();
        Outcome evaluate = Outcome.of(
                new EvaluateJob(),
                "--master",
                "local[2]",
                model,
                "data.source=prepared",
                "data.path=" + prepared,
                "output=" + outputs.resolve("evaluation"));
        assertEquals(0, evaluate.exit(), evaluate.err());
        assertTrue(evaluate.out().contains(" on test digits: error "), evaluate.out());
        assertEquals(
                digits.summary().get("test").get("errors"),
                summary("evaluation").get("errors"));

        Outcome predict = Outcome.of(
                new PredictJob(),
                "--master",
                "local[2]",
                model,
                "format=csv",
                "split=test",
                "output=" + outputs.resolve("predictions"));
        assertEquals(0, predict.exit(), predict.err());
        assertTrue(predict.out().contains("250 predictions in "), predict.out());
    }

    @Test
    void whatATaskRefusesIsTheUsersFailureToo() throws IOException {
        String prepared = digits.prepared("source = digits, split.seed = 4");
        Path shard = Path.of(prepared, "test/part-00000.parquet");
        byte[] content = Files.readAllBytes(shard);
        content[content.length / 2] ^= 1;
        Files.write(shard, content);
        refused(
                3,
                "part-00000.parquet: is damaged",
                Outcome.of(
                        new EvaluateJob(),
                        "--master",
                        "local[2]",
                        "model=" + digits.model(),
                        "data.source=prepared",
                        "data.path=" + prepared,
                        "output=" + outputs.resolve("evaluation")));
    }

    @Test
    void anAutoencoderLearnsFromExamplesWithoutLabels() throws IOException {
        Path rows = Files.writeString(outputs.resolve("bits.csv"), "a,b\n" + "0,1\n1,0\n1,1\n".repeat(20));
        Outcome train = Outcome.of(
                new TrainJob(),
                "--master",
                "local[2]",
                "data.source=csv",
                "data.path=" + rows,
                "data.label-column=none",
                "network.layers=[{ type = stochastic, units = 3, estimator = rebar, prior = learned },"
                        + " { type = output, units = 2, objective = bernoulli-reconstruction }]",
                "training.epochs=1",
                "output=" + outputs.resolve("bits"));
        assertEquals(0, train.exit(), train.err());
        Outcome evaluate = Outcome.of(
                new EvaluateJob(),
                "--master",
                "local[2]",
                "model=" + outputs.resolve("bits/model"),
                "split=test",
                "output=" + outputs.resolve("bits-test"));
        assertEquals(0, evaluate.exit(), evaluate.err());
        assertEquals(6, summary("bits-test").get("examples").asInt());
    }

    @Test
    void aUsersFailureIsOneLineAndItsExitCode() throws IOException {
        String model = "model=" + digits.model();
        String output = "output=" + outputs.resolve("out");
        refused(2, "model: got nothing", Outcome.of(new PredictJob(), output));
        refused(2, "unknown key; did you mean format?", Outcome.of(new PredictJob(), model, output, "fromat=csv"));
        refused(2, "did you mean shards?", Outcome.of(new PrepareJob(), output, "shard=3"));
        refused(2, "shards: got \"0\"", Outcome.of(new PrepareJob(), output, "shards=0"));
        refused(3, "cannot be read", Outcome.of(new EvaluateJob(), "model=" + outputs.resolve("none"), output));
        refused(
                3,
                "no such file",
                Outcome.of(new PredictJob(), model, output, "data.source=csv", "data.path=none.csv"));
        refused(3, "no such file", Outcome.of(new PrepareJob(), output, "data.source=csv", "data.path=none.csv"));
        String network = "network.layers=[{ type = output, units = 10 }]";
        Path rows = Files.writeString(outputs.resolve("rows.csv"), "x,y\n1,2\n3,4\n5,6\n");
        refused(
                2,
                "for data that has no classes, expected labelled examples",
                Outcome.of(
                        new TrainJob(),
                        network,
                        output,
                        "data.source=csv",
                        "data.path=" + rows,
                        "data.label-column=none"));
        Files.delete(rows);
        Files.writeString(Files.createDirectory(outputs.resolve("there")).resolve("manifest.json"), "mine");
        String there = "output=" + outputs.resolve("there");
        refused(2, "exists and is no job's output", Outcome.of(new PrepareJob(), there));
        refused(2, "exists and is no job's output", Outcome.of(new PredictJob(), model, there));
        try (Stream<Path> left = Files.list(outputs)) {
            assertEquals(1, left.count());
        }
    }

    @Test
    void everyJobExplainsItself() {
        for (JobCommand job :
                new JobCommand[] {new PrepareJob(), new EvaluateJob(), new PredictJob(), new TrainJob()}) {
            Outcome help = Outcome.of(job, "--help");
            assertEquals(0, help.exit());
            assertTrue(help.out().contains("Keys: "), help.out());
        }
    }

    private static void refused(int exit, String part, Outcome outcome) {
        List<String> lines = outcome.err()
                .lines()
                .filter(line -> !line.matches("(SLF4J|WARNING|Using Spark|Setting default|To adjust|\\d\\d/).*"))
                .toList();
        assertTrue(outcome.err().contains(part), outcome.err());
        assertEquals(exit, outcome.exit(), outcome.err());
        assertFalse(outcome.err().contains("unexpected"), outcome.err());
        assertTrue(lines.get(lines.size() - 1).contains(part), outcome.err());
    }

    private JsonNode summary(String run) throws IOException {
        return Outcome.summary(outputs.resolve(run));
    }
}

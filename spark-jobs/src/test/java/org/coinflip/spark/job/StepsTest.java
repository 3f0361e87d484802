package org.coinflip.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that answers at every step, from a text to its predictions, by command lines. */
class StepsTest {
    private static final int STEPS = 6;

    @TempDir
    private Path folder;

    private final List<String> training = List.of(
            "--master=local[2]",
            "network.layers=[{ type = gru, units = 12, output = all }, { type = output, units = 27, per-step = true }]",
            "training={ batch = 10, epochs = 8, updater { type = Adam, learning-rate = 0.03 } }",
            "validation={ every = 4, metric = step-error }",
            "averaging={ workers = 2, steps-per-round = 5 }");

    private Outcome run(JobCommand job, List<String> some, String... more) {
        return Outcome.of(job, Stream.concat(some.stream(), Stream.of(more)).toArray(String[]::new));
    }

    private JsonNode summary(String run) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve(run).resolve("summary.json").toFile());
    }

    /** After each letter of this text one other follows; a blank is followed by two. */
    @Test
    void aTextIsLearnedEvaluatedAndPredicted() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "Abcde? fghij! ".repeat(300));
        String data = "data={ source = text, steps = " + STEPS + ", path = \"" + text + "\" }";
        Outcome trained = run(new TrainJob(), training, data, "output=" + folder.resolve("raw"));
        assertEquals(0, trained.exit(), trained.err());
        assertTrue(trained.out().contains("% of the steps, loss"), trained.out());
        JsonNode test = summary("raw").get("test");
        assertTrue(test.at("/measures/stepError").asDouble() < 0.1, test.toString());
        assertTrue(test.at("/measures/bitsPerStep").asDouble() < 0.5, test.toString());
        assertTrue(test.path("errors").isMissingNode(), "errors are of examples");
        String model = "model=" + folder.resolve("raw/model");
        Outcome evaluated = run(
                new EvaluateJob(), List.of("--master=local[2]", model, "output=" + folder.resolve("raw-evaluated")));
        assertEquals(0, evaluated.exit(), evaluated.err());
        assertEquals(test.get("measures"), summary("raw-evaluated").get("measures"));

        String prepared = folder.resolve("prepared").toString();
        assertEquals(
                0,
                run(new PrepareJob(), List.of(data, "shards=3", "output=" + prepared))
                        .exit());
        Outcome again = run(
                new TrainJob(),
                training,
                "data={ source = prepared, path = \"" + prepared + "\" }",
                "output=" + folder.resolve("from-shards"));
        assertEquals(0, again.exit(), again.err());
        assertEquals(
                summary("raw").get("parametersSha256"), summary("from-shards").get("parametersSha256"));

        String rows = folder.resolve("rows").toString();
        Outcome predicted = run(
                new PredictJob(), List.of("--master=local[2]", model, "split=test", "format=csv", "output=" + rows));
        assertEquals(0, predicted.exit(), predicted.err());
        try (Stream<Path> files = Files.walk(Path.of(rows))) {
            Path first = files.filter(file -> file.toString().endsWith(".csv"))
                    .findFirst()
                    .orElseThrow();
            List<String> lines = Files.readAllLines(first);
            assertEquals(
                    "id,label_1,label_2,label_3,label_4,label_5,label_6,predicted_1,predicted_2,predicted_3,predicted_4,"
                            + "predicted_5,predicted_6",
                    lines.get(0));
            String[] row = lines.get(1).split(",");
            int right = 0;
            for (int t = 1; t <= STEPS; t++) {
                right += Float.parseFloat(row[t]) == Integer.parseInt(row[t + STEPS]) ? 1 : 0;
            }
            assertTrue(right >= STEPS - 1, lines.get(1));
        }
    }

    @Test
    void examplesOfAnotherNumberOfStepsAreRefused() {
        Outcome wrong = run(
                new TrainJob(),
                training,
                "data={ source = sequences, task = adding, steps = 12, examples = 100 }",
                "output=" + folder.resolve("wrong"));
        assertEquals(2, wrong.exit(), wrong.err());
        assertTrue(wrong.err().contains("held to 12 values for examples of 1 each"), wrong.err());
    }
}

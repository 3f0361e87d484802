package org.coinflip.spark.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.coinflip.Model;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("numerical")
class EvaluationTest {
    @TempDir
    private static Path folder;

    private static LocalSpark spark;
    private static TrainedDigits digits;

    @TempDir
    private Path outputs;

    @BeforeAll
    static void train() {
        spark = new LocalSpark(2);
        digits = new TrainedDigits(spark.context(), folder);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    @Test
    void givesTheTestScoreOfTheTraining() {
        JsonNode expected = digits.summary();
        JsonNode got = evaluate("data.source = digits");
        for (String key : new String[] {"error", "errors", "examples", "loss"}) {
            assertEquals(expected.get("test").get(key), got.get(key), key);
        }
        for (String key : new String[] {"parametersSha256", "seed"}) {
            assertEquals(expected.get(key), got.get(key), key);
        }
        assertEquals("evaluate", got.get("job").asText());
        assertEquals("done", got.get("status").asText());
        assertEquals("samples", got.get("config").get("evaluation").get("mode").asText());
        assertTrue(got.get("layers").get(0).get("firingRate").asDouble() > 0);
    }

    /** What the training wrote of its test split, and the same from one partition and from seven. */
    @Test
    void measuresAreThoseOfTheTrainingWhateverThePartitions() {
        JsonNode expected = digits.summary().get("test").get("measures");
        for (String key : List.of("balancedError", "f1", "top5Error", "auc", "logLoss", "ece", "rejectionArea")) {
            assertTrue(expected.get(key).asDouble() > 0, key);
        }
        assertEquals(expected, evaluate("partitions = 1").get("measures"));
        JsonNode one = evaluate("partitions = 1, split = all").get("measures");
        assertNotEquals(expected, one);
        assertEquals(one, evaluate("partitions = 7, split = all").get("measures"));
    }

    @Test
    void measuresSayWhatScoreAndConfusionSay() {
        JsonNode got = evaluate("");
        JsonNode measures = got.get("measures");
        // three draws: averages of 1, 2 and 3
        JsonNode byDraws = measures.get("draws").get("byDraws");
        assertEquals(3, byDraws.size());
        assertEquals(got.get("error"), byDraws.get(2).get("error"));
        assertEquals(
                got.get("error"),
                measures.get("rejection").get("confidence").get("error").get(0));
        // −log of the mean probability, of float32 predictions here
        assertEquals(got.get("loss").asDouble(), measures.get("logLoss").asDouble(), 1e-6);
        assertTrue(measures.get("draws").get("mutualInformation").asDouble() > 0);
        double recalls = 0;
        for (int c = 0; c < 10; c++) {
            JsonNode row = got.get("confusion").get(c);
            long all = 0;
            for (JsonNode cell : row) {
                all += cell.asLong();
            }
            recalls += (double) row.get(c).asLong() / all;
            assertEquals(all, measures.get("perClass").get(c).get("examples").asLong());
        }
        assertEquals(1 - recalls / 10, measures.get("balancedError").asDouble(), 1e-12);
        assertFalse(evaluate("evaluation.mode = means").get("measures").has("draws"));
    }

    @Test
    void writesAReport() throws Exception {
        evaluate("");
        String html = Files.readString(outputs.resolve("out/report.html"));
        for (String part : List.of(
                "Confusion of the examples", "balanced error", "Reliability", "Rejection", "Error against draws")) {
            assertTrue(html.contains(part), part);
        }
    }

    /** The digits of another split, on which the score is another, and no word of data. */
    @Test
    void withoutDataItIsOfWhatTheModelWasTrainedOn() throws Exception {
        Path summary = Path.of(digits.model()).resolveSibling("summary.json");
        byte[] before = Files.readAllBytes(summary);
        JsonNode seed0 = evaluate("data.source = digits");
        JsonNode seed5 = evaluate("data { source = digits, split.seed = 5 }");
        assertNotEquals(seed0.get("loss"), seed5.get("loss"));
        assertEquals(seed0.get("loss"), evaluate("").get("loss"));
        // a source of one's own is all there is; other keys are on top of the training's
        assertEquals(seed5.get("loss"), evaluate("data.split.seed = 5").get("loss"));
        try {
            Files.delete(summary);
            UsageException unknown = assertThrows(UsageException.class, () -> evaluate(""));
            assertTrue(unknown.getMessage().startsWith("data.source: got nothing"), unknown.getMessage());
            assertEquals(seed0.get("loss"), evaluate("data.source = digits").get("loss"));
            Files.writeString(summary, "{ \"config\": ");
            assertThrows(DataException.class, () -> evaluate(""));
        } finally {
            Files.write(summary, before);
        }
    }

    @Test
    void theConfusionsAddUpToTheErrors() {
        JsonNode got = evaluate("split = valid");
        long sum = 0;
        long right = 0;
        for (int i = 0; i < 10; i++) {
            for (int j = 0; j < 10; j++) {
                sum += got.get("confusion").get(i).get(j).asLong();
            }
            right += got.get("confusion").get(i).get(i).asLong();
        }
        assertEquals(250, sum);
        assertEquals(got.get("errors").asLong(), sum - right);
    }

    @Test
    void preparedDataScoreAsRawData() {
        JsonNode raw = evaluate("split = all");
        JsonNode prepared = evaluate(
                "split = all, data { source = prepared, path = \"" + digits.prepared("source = digits") + "\" }");
        assertEquals(1797, prepared.get("examples").asInt());
        assertEquals(raw.get("errors"), prepared.get("errors"));
        assertEquals(raw.get("confusion"), prepared.get("confusion"));
        // sums of the same losses, in another order
        assertEquals(raw.get("loss").asDouble(), prepared.get("loss").asDouble(), 1e-12);
    }

    @Test
    void thePartitionsDoNotMatter() {
        assertEquals(
                evaluate("partitions = 1, split = train").get("loss"),
                evaluate("partitions = 7, split = train").get("loss"));
    }

    @Test
    void modeAndSeedCanBeChosen() {
        JsonNode means = evaluate("evaluation.mode = means");
        assertEquals(
                means.get("loss"), evaluate("evaluation.mode = means, seed = 8").get("loss"));
        assertFalse(evaluate("").get("loss").equals(means.get("loss")));
        assertFalse(evaluate("").get("loss").equals(evaluate("seed = 8").get("loss")));
    }

    @Test
    void refusesExamplesWithoutLabels() {
        refused(UsageException.class, data("idx", "images", digits.images(5)), "has no labels", "data.labels");
    }

    @Test
    void refusesDataOfAnotherWidth() {
        refused(
                DataException.class,
                data("csv", "path", digits.table(20, 9)) + ", data.header = false, data.classes = 10",
                "examples of 9 features, expected the model's 64");
    }

    @Test
    void refusesDataPreparedWithAnotherFit() {
        refused(
                DataException.class,
                data("prepared", "path", digits.prepared("source = digits, scale = standard")),
                "scale = standard",
                "a fit that is not the model's");
    }

    @Test
    void refusesALabelThatTheModelHasNoClassFor() throws Exception {
        Path table = Files.writeString(folder.resolve("eleven.csv"), "0,".repeat(64) + "10\n");
        refused(
                DataException.class,
                data("csv", "path", table.toString()) + ", data.header = false, split = all",
                "example 0 has label 10, expected 0 to 9");
    }

    @Test
    void refusesAnUnknownKeyAndNamesTheNearest() {
        refused(UsageException.class, "spilt = test", "spilt: unknown key; did you mean split?");
        refused(UsageException.class, "evaluation.mod = means", "evaluation.mod: unknown key; did you mean mode?");
    }

    @Test
    void refusesAnOutputThatExists() throws Exception {
        Files.writeString(Files.createDirectory(outputs.resolve("out")).resolve("thesis.tex"), "mine");
        refused(UsageException.class, "", "exists and is no job's output");
    }

    @Test
    void refusesToOverwriteTheModel() {
        String run = Path.of(digits.model()).getParent().toString();
        refused(UsageException.class, "overwrite = true, output = \"" + run + "\"", "holds the input model");
        assertTrue(Files.exists(Path.of(digits.model(), "state.bin")));
    }

    @Test
    void refusesToGoWithoutAModel() {
        UsageException failure = assertThrows(
                UsageException.class, () -> Evaluation.prepare(TrainedDigits.config("data.source = digits")));
        assertTrue(failure.getMessage().startsWith("model: got nothing, expected the folder of a trained model"));
    }

    /** A stage's model has no names: features of a table are taken by their places. */
    @Test
    void aRegressorOfSparkMlIsMeasuredOnTheValuesOfATable() throws Exception {
        String model = "src/test/resources/org/coinflip/spark/ml/fixtures/0.1/regressor/trained/model";
        float[][] x = {{-1, 0.25f, 1, 0.5f}, {0, 0.75f, 0, 0.125f}, {1, 1, 1, 0.875f}};
        float[] y = {-0.5f, 0.25f, 1.5f};
        float[][] predicted = Model.load(Path.of(model)).withMeans().predict(x);
        StringBuilder table = new StringBuilder("a,b,c,d,value\n");
        double squares = 0;
        for (int i = 0; i < y.length; i++) {
            for (float feature : x[i]) {
                table.append(feature).append(',');
            }
            table.append(y[i]).append('\n');
            double error = (double) predicted[i][0] - y[i];
            squares += error * error;
        }
        Path path = Files.writeString(folder.resolve("values.csv"), table);
        JsonNode got = evaluate(
                "model = \"" + model + "\", split = all, evaluation.mode = means, data { source = csv, path = \"" + path
                        + "\", label-type = values }");
        // sums of three numbers of about 1 in double precision, in other orders
        assertEquals(Math.sqrt(squares / 3), got.get("measures").get("rmse").asDouble(), 1e-12);
    }

    private JsonNode evaluate(String settings) {
        String written = written(settings + "\noverwrite = true");
        Evaluation.prepare(TrainedDigits.config(written)).run(spark.context());
        return TrainedDigits.json(outputs.resolve("out/summary.json"));
    }

    private void refused(Class<? extends CoinflipException> kind, String settings, String... parts) {
        CoinflipException failure =
                assertThrows(kind, () -> Evaluation.prepare(TrainedDigits.config(written(settings))));
        assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
        for (String part : parts) {
            assertTrue(failure.getMessage().contains(part), () -> "no \"" + part + "\" in: " + failure.getMessage());
        }
        assertFalse(Files.exists(outputs.resolve("out/summary.json")));
    }

    private String written(String settings) {
        return "model = \"" + digits.model() + "\"\noutput = \"" + outputs.resolve("out") + "\"\n" + settings;
    }

    private static String data(String source, String key, String path) {
        return "data { source = " + source + ", " + key + " = \"" + path + "\" }";
    }
}

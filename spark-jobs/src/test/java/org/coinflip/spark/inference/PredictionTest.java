package org.coinflip.spark.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.coinflip.model.error.DataException;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("numerical")
class PredictionTest {
    @TempDir
    private static Path folder;

    private static LocalSpark spark;
    private static SparkSession session;
    private static TrainedDigits digits;

    @TempDir
    private Path outputs;

    @BeforeAll
    static void train() {
        spark = new LocalSpark(2);
        session = TrainedDigits.session(spark.context());
        digits = new TrainedDigits(spark.context(), folder);
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    /** As many as slots where that leaves a thousand rows each; more where files would be large. */
    @Test
    void filesAreAsManyAsTheTableIsLarge() {
        assertEquals(1, Inference.files(1000, 1797, 10));
        assertEquals(1, Inference.files(2, 3, 10));
        assertEquals(2, Inference.files(2, 100_000, 10));
        assertEquals(60, Inference.files(1000, 60_000, 10));
        // 4 GB
        assertEquals(30, Inference.files(2, 1_000_000, 1000));
    }

    @Test
    void anOutputMayHaveColonsAndBeAsLongAsNamesCanBe() {
        for (String name : new String[] {"2026-11-28T05:37:12", "x".repeat(220), "größe"}) {
            Path output = outputs.resolve(name);
            Prediction.prepare(TrainedDigits.config("model = \"" + digits.model() + "\", output = \"" + output
                            + "\", data.source = digits, split = test"))
                    .run(session);
            assertEquals(
                    250,
                    session.read()
                            .parquet("file://" + output.resolve("predictions"))
                            .count());
        }
    }

    @Test
    void theSameBitsFromOneThreeAndSevenPartitions() throws IOException {
        List<Row> expected = predict("partitions = 1");
        assertEquals(1797, expected.size());
        for (int partitions : new int[] {1, 3, 7}) {
            assertEquals(expected, predict("partitions = " + partitions));
            try (Stream<Path> files = Files.list(table())) {
                assertEquals(
                        partitions,
                        files.filter(file -> file.toString().endsWith(".parquet"))
                                .count());
            }
        }
    }

    @Test
    void agreesWithTheEvaluation() {
        long errors = predict("split = test").stream()
                .filter(row -> !row.getAs("label").equals(row.getAs("predicted")))
                .count();
        assertEquals(digits.summary().get("test").get("errors").asLong(), errors);
    }

    @Test
    void aRowIsADistributionAndItsGreatestClass() {
        List<Row> rows = predict("");
        assertArrayEquals(
                new String[] {
                    "id", "label", "predicted", "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "spread"
                },
                rows.get(0).schema().fieldNames());
        for (Row row : rows) {
            double sum = 0;
            float greatest = 0;
            for (int c = 0; c < 10; c++) {
                float p = row.getAs("p" + c);
                sum += p;
                greatest = Math.max(greatest, p);
            }
            // ten quotients by a sum of ten, averaged over draws: u = 2⁻²⁴ of each
            assertEquals(1, sum, 32 * 0x1p-24);
            assertEquals(greatest, row.<Float>getAs("p" + row.<Integer>getAs("predicted")));
            // of three numbers in [0, 1] with this mean
            float spread = row.getAs("spread");
            assertTrue(spread >= 0 && spread <= Math.sqrt(1.5 * greatest * (1 - greatest)) + 1e-6, "spread " + spread);
        }
        assertTrue(rows.stream().anyMatch(row -> row.<Float>getAs("spread") > 0.01));
        assertFalse(
                List.of(predict("evaluation { mode = means }").get(0).schema().fieldNames())
                        .contains("spread"));
    }

    @Test
    void csvAndParquetAgreeToTheBit() {
        List<Row> parquet = predict("format = parquet");
        prediction("format = csv");
        Dataset<Row> csv = session.read()
                .option("header", true)
                .schema(parquet.get(0).schema())
                .csv(table().toString());
        assertEquals(parquet, byId(csv));
    }

    @Test
    void preparedDataArePredictedAsRawData() {
        assertEquals(
                predict(""),
                predict(data("prepared", "path", digits.prepared("source = digits")) + ", partitions = 2"));
    }

    @Test
    void aPartInAnotherFormIsPredictedAsInTheWholeByTheTrainingsFit() {
        List<Row> whole = predict("");
        String table = digits.table(100, 64);
        // a fit to these hundred would stretch every pixel that never is dark here
        List<Row> part = predict(data("csv", "path", table) + ", data.header = false");
        assertEquals(whole.subList(0, 100), part);
    }

    @Test
    void examplesNeedNoLabels() {
        List<Row> labelled = predict("split = all").subList(0, 50);
        List<Row> images = predict(data("idx", "images", digits.images(50)));
        assertEquals(
                Arrays.asList("id", "predicted", "p0"),
                List.of(images.get(0).schema().fieldNames()).subList(0, 3));
        for (int i = 0; i < 50; i++) {
            assertEquals(labelled.get(i).<Long>getAs("id"), images.get(i).<Long>getAs("id"));
            for (String column : new String[] {"predicted", "p0", "p9"}) {
                assertEquals(
                        labelled.get(i).<Object>getAs(column), images.get(i).<Object>getAs(column));
            }
        }
    }

    @Test
    void aTableNeedsNoLabels() throws IOException {
        Path table = Files.writeString(folder.resolve("features.csv"), "1,".repeat(63) + "2\n");
        List<Row> rows =
                predict(data("csv", "path", table.toString()) + ", data { header = false, label-column = none }");
        assertEquals(1, rows.size());
        assertFalse(Arrays.asList(rows.get(0).schema().fieldNames()).contains("label"));
    }

    /** What is predicted of an example depends on its draws, and these on its text alone: not on the order of rows. */
    @Test
    void textsOfIdsAreKept() throws IOException {
        String header = "name" + IntStream.range(0, 64).mapToObj(j -> ",f" + j).collect(Collectors.joining()) + "\n";
        List<String> rows =
                List.of("b/1" + ",3".repeat(64) + "\n", "007" + ",9".repeat(64) + "\n", "é" + ",1".repeat(64) + "\n");
        Map<String, Row> expected = null;
        for (List<Integer> order : List.of(List.of(0, 1, 2), List.of(2, 0, 1))) {
            String text = order.stream().map(rows::get).collect(Collectors.joining("", header, ""));
            Path table = Files.writeString(folder.resolve("names.csv"), text);
            prediction(data("csv", "path", table.toString())
                    + ", data { label-column = none, id-column = name, id-type = texts }");
            Map<String, Row> got = session.read().parquet(table().toString()).collectAsList().stream()
                    .collect(Collectors.toMap(row -> row.getAs("id"), row -> row));
            assertEquals(Set.of("b/1", "007", "é"), got.keySet());
            expected = expected == null ? got : expected;
            assertEquals(expected, got);
        }
    }

    @Test
    void writesASummary() {
        prediction("split = valid, format = csv");
        JsonNode summary = TrainedDigits.json(outputs.resolve("out/summary.json"));
        assertEquals("predict", summary.get("job").asText());
        assertEquals("done", summary.get("status").asText());
        assertEquals(250, summary.get("examples").asInt());
        assertEquals("csv", summary.get("config").get("format").asText());
    }

    @Test
    void damagedShardsAreNamedAndNothingIsWritten() throws IOException {
        String prepared = digits.prepared("source = digits, split.seed = 3");
        Path shard = Path.of(prepared, "test/part-00001.parquet");
        byte[] content = Files.readAllBytes(shard);
        content[content.length / 2] ^= 1;
        Files.write(shard, content);
        Throwable failure = assertThrows(Exception.class, () -> prediction(data("prepared", "path", prepared)));
        while (!(failure instanceof DataException)) {
            failure = failure.getCause();
        }
        assertTrue(failure.getMessage().contains("part-00001.parquet: is damaged"), failure.getMessage());
        assertFalse(Files.exists(outputs.resolve("out")));
    }

    @Test
    void refusesAnUnknownFormat() {
        RuntimeException failure = assertThrows(RuntimeException.class, () -> prediction("format = parket"));
        assertEquals(
                "format: got \"parket\", expected one of parquet, csv; did you mean parquet?", failure.getMessage());
    }

    private List<Row> predict(String settings) {
        prediction(settings);
        return byId(session.read().parquet(table().toString()));
    }

    private static List<Row> byId(Dataset<Row> table) {
        return table.collectAsList().stream()
                .sorted(Comparator.comparing(row -> row.<Long>getAs("id")))
                .toList();
    }

    private void prediction(String settings) {
        String written = "model = \"" + digits.model() + "\"\noutput = \"" + outputs.resolve("out")
                + "\"\noverwrite = true\n" + settings;
        Prediction.prepare(TrainedDigits.config(written)).run(session);
    }

    private Path table() {
        return outputs.resolve("out/predictions");
    }

    private static String data(String source, String key, String path) {
        return "data { source = " + source + ", " + key + " = \"" + path + "\" }";
    }
}

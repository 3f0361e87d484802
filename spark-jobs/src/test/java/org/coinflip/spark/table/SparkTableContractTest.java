package org.coinflip.spark.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.coinflip.data.Dataset;
import org.coinflip.data.Split;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of every source, of tables that Spark reads: what is cut, empty or of one class is refused in one line, leaves nothing, and no row is lost without a word. */
class SparkTableContractTest {
    private static final int CUTS = 12;
    private static final int ROWS = 30;

    @RegisterExtension
    private static final LocalSpark spark = new LocalSpark(2);

    @TempDir
    private Path folder;

    /** JSON that is cut between two lines is JSON of fewer lines. */
    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "json"})
    void cutAnywhereItIsRefused(String format) throws IOException {
        String keys = table(format, IntStream.range(0, ROWS).map(i -> i % 2).toArray());
        assertEquals(ROWS, examples(keys));
        Path part = part(folder.resolve(format), format);
        byte[] whole = Files.readAllBytes(part);
        for (int k = 0; k < CUTS; k++) {
            int length = whole.length * k / CUTS;
            Files.write(part, Arrays.copyOf(whole, length));
            if (length == 0 || whole[length - 1] != '\n' || !format.equals("json")) {
                refused(DataException.class, keys, format);
            }
        }
        Files.write(part, whole);
        assertEquals(ROWS, examples(keys));
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "json"})
    void ofOneRowOneClassOrNoneItIsRefused(String format) throws IOException {
        refused(CoinflipException.class, table(format, 1), "");
        refused(DataException.class, table(format, new int[ROWS]), "every label is 0");
        Path part = part(folder.resolve(format), format);
        Files.delete(part);
        refused(DataException.class, keys(format), format);
        Files.createDirectory(part);
        refused(DataException.class, keys(format), format);
    }

    @Test
    void optionsThatLoseRowsAreRefused() {
        for (String option : new String[] {
            "mode = DROPMALFORMED",
            "mode = dropMalformed",
            "ignoreCorruptFiles = true",
            "\"IGNOREMISSINGFILES\" = \"true\""
        }) {
            refused(
                    UsageException.class,
                    "source = table, path = x, options { " + option + " }",
                    "data.options.",
                    "rows are lost without a word");
        }
    }

    /** Spark's own setting does not make rows disappear either. */
    @Test
    void filesThatCannotBeReadAreNotPassedOver() throws IOException {
        String keys = table("parquet", IntStream.range(0, ROWS).map(i -> i % 2).toArray());
        Files.write(folder.resolve("parquet/part-x.parquet"), new byte[100]);
        for (String setting : new String[] {"false", "true"}) {
            spark.session().conf().set("spark.sql.files.ignoreCorruptFiles", setting);
            try {
                refused(DataException.class, keys, "parquet");
            } finally {
                spark.session().conf().unset("spark.sql.files.ignoreCorruptFiles");
            }
        }
    }

    private String table(String format, int... labels) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            rows.add(RowFactory.create(i / 3.0, "c" + i % 4, labels[i]));
        }
        Path path = folder.resolve(format);
        spark.session()
                .createDataFrame(
                        rows,
                        new StructType()
                                .add("x", DataTypes.DoubleType)
                                .add("c", DataTypes.StringType)
                                .add("label", DataTypes.IntegerType))
                .coalesce(1)
                .write()
                .mode("overwrite")
                .format(format)
                .save(path.toString());
        try (Stream<Path> all = Files.list(path)) {
            for (Path sums :
                    all.filter(file -> file.toString().endsWith(".crc")).toList()) {
                Files.delete(sums);
            }
        }
        return keys(format);
    }

    private String keys(String format) {
        return "source = table, categories = [c], format = " + format + ", path = \"" + folder.resolve(format) + "\"";
    }

    private static Path part(Path table, String format) throws IOException {
        try (Stream<Path> all = Files.list(table)) {
            return all.filter(file -> file.toString().endsWith(format))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void refused(Class<? extends CoinflipException> type, String keys, String... parts) {
        List<String> before = listing();
        CoinflipException e = assertThrows(type, () -> examples(keys));
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), "no \"" + part + "\" in: " + e.getMessage());
        }
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        assertEquals(before, listing());
    }

    private List<String> listing() {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(Path::toString).sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int examples(String keys) {
        Dataset data = DataSection.open(keys);
        return Stream.of(Split.values())
                .mapToInt(split -> data.description().split(split).examples())
                .sum();
    }
}

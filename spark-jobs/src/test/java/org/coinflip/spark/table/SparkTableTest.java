package org.coinflip.spark.table;

import static org.coinflip.spark.table.DataSection.CONF;
import static org.coinflip.spark.table.DataSection.open;
import static org.coinflip.spark.table.DataSection.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.coinflip.data.Split;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.example.Features;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that Spark reads. */
class SparkTableTest {
    private static final int ROWS = 211;

    @RegisterExtension
    private static final LocalSpark spark = new LocalSpark(2);

    @TempDir
    private Path folder;

    /** Whatever the form and however many files, the same examples with the same ids. */
    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "json"})
    void readsWhatSparkReads(String format) {
        Examples expected = null;
        for (int files : new int[] {1, 3, 7}) {
            String path = folder.resolve(format + files).toString();
            frame().orderBy("n")
                    .coalesce(1)
                    .repartitionByRange(files, col("n"))
                    .sortWithinPartitions("n")
                    .write()
                    .mode(SaveMode.ErrorIfExists)
                    .format(format)
                    .save(path);
            org.coinflip.data.Dataset data = open("source = table, format = " + format + ", path = \"" + path
                    + "\", label-column = kind, leave-out = [n, when], categories = [colour], scale = none");
            Examples train = data.examples(Split.TRAIN);
            List<String> columns = data.description().transformation().naming().columns();
            assertEquals(
                    Set.of("a", "wide[0]", "wide[1]", "isBig", "price", "colour=blue", "colour=red"),
                    Set.copyOf(columns));
            assertEquals(
                    List.of("even", "odd"),
                    data.description().transformation().naming().names());
            for (int i = 0; i < train.size(); i++) {
                long n = train.id(i);
                assertEquals(n * 0.5f, train.feature(i, columns.indexOf("a")));
                assertEquals(n + 0.25f, train.feature(i, columns.indexOf("wide[1]")));
                assertEquals(n > 100 ? 1 : 0, train.feature(i, columns.indexOf("isBig")));
                assertEquals(n / 4f, train.feature(i, columns.indexOf("price")));
                assertEquals(n % 3 == 0 ? 1 : 0, train.feature(i, columns.indexOf("colour=red")));
                assertEquals(n % 2, train.label(i));
            }
            if (expected != null) {
                same(expected, train);
            }
            expected = train;
        }
    }

    private static org.apache.spark.sql.Column col(String name) {
        return org.apache.spark.sql.functions.col(name);
    }

    private Dataset<Row> frame() {
        List<Row> rows = new ArrayList<>();
        for (int n = 0; n < ROWS; n++) {
            rows.add(RowFactory.create(
                    n,
                    n * 0.5,
                    List.of((float) n, n + 0.25f),
                    n > 100,
                    new BigDecimal(n).divide(new BigDecimal(4)),
                    n % 3 == 0 ? "red" : "blue",
                    new Timestamp(1_000_000L * n),
                    n % 2 == 0 ? "even" : "odd"));
        }
        return spark.session()
                .createDataFrame(
                        rows,
                        new StructType()
                                .add("n", DataTypes.IntegerType)
                                .add("a", DataTypes.DoubleType)
                                .add("wide", DataTypes.createArrayType(DataTypes.FloatType))
                                .add("isBig", DataTypes.BooleanType)
                                .add("price", DataTypes.createDecimalType(10, 2))
                                .add("colour", DataTypes.StringType)
                                .add("when", DataTypes.TimestampType)
                                .add("kind", DataTypes.StringType));
    }

    @Test
    void readsVectorsByTimeAndTablesOfTheCatalogByTheirIds() {
        List<Row> rows = new ArrayList<>();
        for (int n = 0; n < 40; n++) {
            rows.add(RowFactory.create(
                    100L - n,
                    n % 2 == 0 ? Vectors.dense(n, 0, 1) : Vectors.sparse(3, new int[] {1}, new double[] {n}),
                    new Timestamp(1_000L * n),
                    n % 2));
        }
        spark.session()
                .createDataFrame(
                        rows,
                        new StructType()
                                .add("id", DataTypes.LongType)
                                .add("features", SQLDataTypes.VectorType())
                                .add("when", DataTypes.TimestampType)
                                .add("label", DataTypes.IntegerType))
                .repartition(3)
                .createOrReplaceTempView("vectors");
        org.coinflip.data.Dataset data = open(
                "source = table, format = catalog, path = vectors, id-column = id, split { time = when, test = 5 }, scale = none");
        Examples test = data.examples(Split.TEST);
        for (int i = 0; i < 5; i++) {
            assertEquals(61 + i, test.id(i));
            int n = (int) (100 - test.id(i));
            assertEquals(n % 2 == 0 ? n : 0, test.feature(i, 0));
            assertEquals(n % 2 == 0 ? 0 : n, test.feature(i, 1));
        }
        refused(UsageException.class, "source = table, format = catalog, path = vectors", "data.id-column: got none");
    }

    /** Lists and vectors of the same numbers are the same examples, and few enough stay lists. */
    @Test
    void vectorsThatListWhatIsNotNoughtAreKeptSo() {
        for (int nonzeros : new int[] {2, 9}) {
            List<Examples> read = new ArrayList<>();
            for (boolean areListed : new boolean[] {true, false}) {
                List<Row> rows = new ArrayList<>();
                for (int n = 0; n < ROWS; n++) {
                    double[] numbers = new double[20];
                    for (int k = 0; k < nonzeros; k++) {
                        numbers[(n + 2 * k) % 20] = n % 7 - 2.5;
                    }
                    var vector = Vectors.dense(numbers);
                    rows.add(RowFactory.create((long) n, areListed ? vector.toSparse() : vector, n % 2));
                }
                String path = folder.resolve("vectors" + nonzeros + areListed).toString();
                spark.session()
                        .createDataFrame(
                                rows,
                                new StructType()
                                        .add("id", DataTypes.LongType)
                                        .add("features", SQLDataTypes.VectorType())
                                        .add("label", DataTypes.IntegerType))
                        .repartition(3)
                        .write()
                        .parquet(path);
                String section = "source = table, id-column = id, path = \"" + path + "\"";
                read.add(open(section).examples(Split.TRAIN));
                String output =
                        folder.resolve("prepared" + nonzeros + areListed).toString();
                SparkPreparation.prepare(spec(section), output, OptionalInt.of(3), false, CONF, spark.session());
                read.add(open("source = prepared, path = \"" + output + "\"").examples(Split.TRAIN));
            }
            for (Examples examples : read) {
                same(read.get(0), examples);
                assertEquals(
                        nonzeros == 2 ? Features.Form.SPARSE : Features.Form.FLOATS,
                        examples.features().form());
            }
        }
    }

    /** What a time would be as a number is a question; that it is none must not make it a hole. */
    @Test
    void aTimeIsNoFeature() {
        frame().write().parquet(folder.resolve("times").toString());
        refused(
                DataException.class,
                "source = table, path = \"" + folder.resolve("times")
                        + "\", label-column = kind, leave-out = [n], categories = [colour], holes = mean",
                "(when): got \"19",
                "expected a finite number");
    }

    @Test
    void refusesInOneLine() throws IOException {
        refused(
                DataException.class,
                "source = table, path = \"" + folder.resolve("none") + "\"",
                "cannot be opened by Spark");
        refused(DataException.class, "source = table, format = xyz, path = x", "as xyz", "data.format");
        Path broken = folder.resolve("broken.json");
        Files.writeString(broken, "{\"a\": 1, \"label\": 0}\n{\"a\": 2, \"lab\n");
        refused(
                DataException.class,
                "source = table, format = json, path = \"" + broken + "\", options { mode = FAILFAST }",
                "broken.json");
        Path text = folder.resolve("text.json");
        Files.writeString(text, "{\"a\": \"x\", \"label\": 0}\n{\"a\": \"y\", \"label\": 1}\n");
        refused(
                DataException.class,
                "source = table, format = json, path = \"" + text + "\"",
                "row 1, column 1 (a): got \"x\"",
                "data.categories");
        Files.writeString(text, "{\"a\": {\"b\": 1}, \"label\": 0}\n");
        refused(
                DataException.class,
                "source = table, format = json, path = \"" + text + "\"",
                "column a has the type struct<b:bigint>");
    }

    private static void refused(Class<? extends CoinflipException> type, String keys, String... parts) {
        CoinflipException e = assertThrows(type, () -> open(keys));
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), "no \"" + part + "\" in: " + e.getMessage());
        }
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }

    private static void same(Examples expected, Examples got) {
        assertEquals(expected.size(), got.size());
        for (int i = 0; i < got.size(); i++) {
            assertEquals(expected.id(i), got.id(i));
            assertEquals(expected.label(i), got.label(i));
            for (int j = 0; j < got.width(); j++) {
                assertEquals(expected.feature(i, j), got.feature(i, j));
            }
        }
    }
}

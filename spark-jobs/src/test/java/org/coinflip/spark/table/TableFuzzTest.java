package org.coinflip.spark.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.coinflip.data.Dataset;
import org.coinflip.data.Split;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is in a file that Spark reads, it is read, or refused in one line: no other exception, no end that never comes, nothing left. Each form tries as many files as
 * {@code -Dcoinflip.fuzz.tries} says, the same ones every time.
 */
class TableFuzzTest {
    private static final int TRIES = Integer.getInteger("coinflip.fuzz.tries", 40);
    private static final int ROWS = 24;
    /** Minutes that a file of a few hundred bytes never takes, whatever else runs there. */
    private static final int HANGS = 30;

    private static final String[] KEYS = {
        "",
        "holes = refuse",
        "holes { type = median, mark = true }",
        "scale = standard",
        "categories = [colour]",
        "buckets = 7, categories = [colour]",
        "id-column = n",
        "id-column = n, id-type = texts",
        "weight-column = n",
        "label-type = values, label-column = n",
        "split { group = colour }",
        "split { time = n, test = 3 }"
    };

    private static final byte[][] WORDS = {
        {-1, -1, -1, 127},
        {0, 0, 0, -128},
        {-1, -1, -1, -1, 15},
        {0},
        {'1', 'e', '3', '9'},
        {'}', '\n'},
        {'n', 'u', 'l', 'l'},
        {'"'}
    };

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "json"})
    void isReadOrRefused(String format, TestReporter reporter) throws Exception {
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try (LocalSpark spark = new LocalSpark(2)) {
            byte[] whole = written(spark, format);
            Path in = Files.createDirectory(folder.resolve("in"));
            int read = 0;
            for (int k = 0; k < TRIES; k++) {
                Random random = new Random(1000L * k + format.length());
                Path file = Files.write(in.resolve("part-0." + format), edited(whole, random));
                String keys = "source = table, holes = mean, leave-out = [colour], format = " + format + ", path = \""
                        + in + "\"\n"
                        + KEYS[random.nextInt(KEYS.length)].replace("categories", "leave-out = [], categories");
                try {
                    reader.submit(() -> open(keys)).get(HANGS, TimeUnit.MINUTES);
                    read++;
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof CoinflipException known)) {
                        throw new AssertionError("file " + k + " is neither read nor refused", e.getCause());
                    }
                    assertEquals(1, known.getMessage().lines().count(), known.getMessage());
                }
                assertEquals(List.of(in), list(folder));
                // Hadoop keeps checksums beside files where it is asked for them
                assertEquals(List.of(file), list(in));
            }
            reporter.publishEntry(format, "read " + read + ", refused " + (TRIES - read));
            assertTrue(20 * read > TRIES && 20 * (TRIES - read) > TRIES, "read " + read + " of " + TRIES);
        } finally {
            reader.shutdownNow();
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.sorted().toList();
        }
    }

    private static Object open(String keys) {
        Dataset data = DataSection.open(keys);
        for (Split split : Split.values()) {
            data.examples(split);
        }
        return data;
    }

    /** A file of some rows: numbers with holes, texts, vectors of which some are lists. */
    private byte[] written(LocalSpark spark, String format) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            var vector = Vectors.dense(i, 0, 0, i % 3, 0, 0, 0, 0);
            rows.add(RowFactory.create(
                    100L + i,
                    i % 7 == 6 ? null : i / 3.0,
                    i % 2 == 0 ? "red" : "blue, light",
                    i % 2 == 0 ? vector : vector.toSparse(),
                    i % 2));
        }
        Path table = folder.resolve("table");
        spark.session()
                .createDataFrame(
                        rows,
                        new StructType()
                                .add("n", DataTypes.LongType)
                                .add("size", DataTypes.DoubleType)
                                .add("colour", DataTypes.StringType)
                                .add("v", SQLDataTypes.VectorType())
                                .add("label", DataTypes.IntegerType))
                // only Parquet's reader knows vectors again
                .drop(format.equals("parquet") ? "none" : "v")
                .coalesce(1)
                .write()
                .format(format)
                .save(table.toString());
        byte[] whole = null;
        for (Path file : list(table)) {
            whole = file.toString().endsWith("." + format) ? Files.readAllBytes(file) : whole;
            Files.delete(file);
        }
        Files.delete(table);
        return whole;
    }

    /** Up to three edits: a bit turned, a byte or a word put in the place of others, bytes left out, put in or doubled, the end cut off. */
    private static byte[] edited(byte[] whole, Random random) {
        byte[] bytes = whole;
        for (int edits = random.nextInt(4); edits > 0 && bytes.length > 8; edits--) {
            int at = random.nextInt(bytes.length);
            int count = 1 + random.nextInt(Math.min(40, bytes.length - at));
            byte[] word = WORDS[random.nextInt(WORDS.length)];
            byte[] changed = bytes.clone();
            switch (random.nextInt(7)) {
                case 0, 1 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> changed[at] = (byte) random.nextInt(256);
                case 3 -> System.arraycopy(word, 0, changed, at, Math.min(word.length, bytes.length - at));
                case 4 -> changed = joined(Arrays.copyOf(bytes, at), tail(bytes, at + count));
                case 5 -> changed = joined(Arrays.copyOf(bytes, at + count), tail(bytes, at));
                default -> changed = random.nextInt(4) == 0
                        ? Arrays.copyOf(bytes, at)
                        : joined(Arrays.copyOf(bytes, at), joined(word, tail(bytes, at)));
            }
            bytes = changed;
        }
        return bytes;
    }

    private static byte[] tail(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}

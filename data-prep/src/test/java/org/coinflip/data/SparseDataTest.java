package org.coinflip.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.parquet.ExampleSchema;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.source.RawSource;
import org.coinflip.data.transform.TrainingExamples;
import org.coinflip.model.example.Examples;
import org.coinflip.model.example.Features;
import org.coinflip.model.transform.Transformation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Features of which most are 0 are listed, from the source to the batch, and are the numbers that they are where they are not. */
class SparseDataTest {
    private static final Configuration CONF = new Configuration();
    private static final int ROWS = 90;
    private static final int WIDTH = 40;

    @TempDir
    private Path folder;

    private String listed;
    private String dense;

    /** The same numbers in LIBSVM's form and, with a feature more that is never 0 for each of them, as a table too full to be listed. */
    @BeforeEach
    void write() throws IOException {
        Random random = new Random(3);
        StringBuilder lines = new StringBuilder();
        StringBuilder table = new StringBuilder();
        for (int j = 0; j < 2 * WIDTH; j++) {
            table.append('f').append(j).append(',');
        }
        table.append("label\n");
        for (int i = 0; i < ROWS; i++) {
            lines.append(i % 3);
            StringBuilder full = new StringBuilder();
            for (int j = 0; j < WIDTH; j++) {
                // feature 0 is negative, feature 1 is never 0
                int value = j == 1 || random.nextInt(9) == 0 ? 1 + random.nextInt(5) : 0;
                value = j == 0 ? -value : value;
                if (value != 0) {
                    lines.append(' ').append(j + 1).append(':').append(value);
                }
                table.append(value).append(',');
                full.append(1 + (i + j) % 7).append(',');
            }
            lines.append('\n');
            table.append(full).append(i % 3).append('\n');
        }
        listed = "source = libsvm, path = \"" + Files.writeString(folder.resolve("l"), lines) + "\"";
        dense = "source = csv, path = \"" + Files.writeString(folder.resolve("t.csv"), table) + "\"";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "scale = unit",
                "scale = standard",
                "scale = none",
                "binarise = threshold",
                "binarise = bernoulli"
            })
    void areTheNumbersThatTheyAreElsewhere(String keys) {
        Dataset sparse = Dataset.open(Specs.of(listed, keys), CONF);
        Dataset full = Dataset.open(Specs.of(dense, keys), CONF);
        for (Split split : Split.values()) {
            Features got = sparse.examples(split).features();
            Features expected = full.examples(split).features();
            assertEquals(Features.Form.SPARSE, got.form());
            assertTrue(expected.form() != Features.Form.SPARSE);
            for (int i = 0; i < got.size(); i++) {
                for (int j = 0; j < WIDTH; j++) {
                    // a bit is drawn of (id, feature): its place among others is a part of that
                    assertEquals(expected.get(i, j), got.get(i, j));
                }
            }
        }
        for (int shards : new int[] {1, 3, 7}) {
            String output = folder.resolve("out" + shards).toString();
            Preparation.prepare(Specs.of(listed, keys), output, shards, false, CONF);
            SameExamples.assertIn(sparse, Dataset.open(Specs.of("source = prepared, path = \"" + output + "\""), CONF));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"project { type = pca, components = 3 }", "project = rotation", "scale = standard"})
    void whatIsFittedToThemIsFittedToTheNumbers(String keys) {
        DataSpec spec = Specs.of(listed, keys);
        RawData data = ((RawSource) spec.source()).read(CONF);
        RawExamples sparse = data.development();
        int[] all = IntStream.range(0, ROWS).toArray();
        int[] labels = IntStream.range(0, ROWS).map(sparse::label).toArray();
        RawExamples full = RawExamples.of(sparse.features().dense(), 0, labels);
        Transformation expected = spec.fit().fit(TrainingExamples.of(full, all), data.naming());
        assertEquals(expected, spec.fit().fit(TrainingExamples.of(sparse, all), data.naming()));
        SameExamples.assertSame(
                expected.apply(full, all, 3).features(),
                expected.apply(sparse, all, 3).features());
    }

    @Test
    void theManifestSaysSo() throws IOException {
        String output = folder.resolve("out").toString();
        Preparation.prepare(Specs.of(listed), output, 2, false, CONF);
        String manifest = Files.readString(Path.of(output, Manifest.FILE));
        assertTrue(manifest.contains("required group indices (LIST)"), manifest);
        long entries = Dataset.open(Specs.of("source = prepared, path = \"" + output + "\""), CONF)
                .examples(Split.VALID)
                .features()
                .entries();
        assertTrue(manifest.contains("\"entries\" : "), manifest);
        assertTrue(entries > 0 && entries < WIDTH * ROWS / 10 / 2);
        long shard =
                Dataset.open(Specs.of("source = prepared, path = \"" + output + "\""), CONF)
                        .shards(Split.TRAIN)
                        .stream()
                        .mapToLong(ExampleShard::featureBytes)
                        .sum();
        Features train =
                Dataset.open(Specs.of(listed), CONF).examples(Split.TRAIN).features();
        // of each of the two shards the starts have one number more than examples
        assertEquals(train.memory() + Integer.BYTES, shard);
    }

    /** The manifest is what memory is planned by. */
    @Test
    void aShardIsAsItsManifestSays() {
        String output = folder.resolve("out").toString();
        Preparation.prepare(Specs.of(listed), output, 2, false, CONF);
        ParquetShard said = (ParquetShard) Dataset.open(Specs.of("source = prepared, path = \"" + output + "\""), CONF)
                .shards(Split.VALID)
                .get(0);
        ShardFile file = said.expected();
        ShardFile other = new ShardFile(file.path(), file.examples(), file.bytes(), file.sha256(), file.entries() - 1);
        ParquetShard fewer = new ParquetShard(said.path(), other, said.description(), said.schema(), said.settings());
        OneLine.ofData(fewer::read, "got features as SPARSE, " + file.entries() + " of them not 0", "prepare the data");
        ExampleSchema floats = new ExampleSchema(Features.Form.FLOATS, 0, false);
        ParquetShard dense = new ParquetShard(said.path(), file, said.description(), floats, said.settings());
        OneLine.ofData(dense::read, "got features as SPARSE", "expected FLOATS");
    }

    /** Where most zeros become ones, a byte each is less. */
    @Test
    void bitsThatAreMostlyOneAreNotListed() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < ROWS; i++) {
            lines.append(i % 3).append(' ').append(1 + i % WIDTH).append(":-4\n");
        }
        String negative = "source = libsvm, path = \"" + Files.writeString(folder.resolve("n"), lines) + "\"";
        assertEquals(
                Features.Form.SPARSE,
                Dataset.open(Specs.of(negative), CONF)
                        .examples(Split.TRAIN)
                        .features()
                        .form());
        Examples train =
                Dataset.open(Specs.of(negative, "binarise = threshold"), CONF).examples(Split.TRAIN);
        assertEquals(Features.Form.BYTES, train.features().form());
        for (int i = 0; i < train.size(); i++) {
            for (int j = 0; j < WIDTH; j++) {
                assertEquals(train.id(i) % WIDTH == j ? 0f : 1f, train.feature(i, j));
            }
        }
    }

    /** Texts of one column are a feature each, of which one is 1. */
    @Test
    void soAreTextsOfATable() throws IOException {
        StringBuilder table = new StringBuilder("colour,size,kind\n");
        for (int i = 0; i < ROWS; i++) {
            table.append('c')
                    .append(i % 17)
                    .append(',')
                    .append(i % 4)
                    .append(",k")
                    .append(i % 2)
                    .append('\n');
        }
        Path path = Files.writeString(folder.resolve("texts.csv"), table);
        Dataset data = Dataset.open(
                Specs.of("source = csv, path = \"" + path + "\", categories = [colour], label-column = kind"), CONF);
        Features features = data.examples(Split.TRAIN).features();
        assertEquals(Features.Form.SPARSE, features.form());
        assertEquals(18, features.width());
        for (int i = 0; i < features.size(); i++) {
            long id = data.examples(Split.TRAIN).id(i);
            int ones = 0;
            for (int j = 0; j < 17; j++) {
                ones += (int) features.get(i, j);
            }
            assertEquals(1, ones);
            int place = data.description().transformation().naming().columns().indexOf("colour=c" + id % 17);
            assertEquals(1f, features.get(i, place));
        }
    }
}

package org.coinflip.data.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.coinflip.data.OneLine;
import org.coinflip.data.SameExamples;
import org.coinflip.model.example.ByteFeatures;
import org.coinflip.model.example.Examples;
import org.coinflip.model.example.Features;
import org.coinflip.model.storage.Sha256;
import org.coinflip.model.transform.Binarisation;
import org.coinflip.model.transform.Scaling;
import org.coinflip.model.transform.Transformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExampleFileTest {
    private static final int WIDTH = 7;
    private static final int SIZE = 3000;
    private static final Transformation HALVES = new Transformation(
            Scaling.NONE, Binarisation.NONE, Collections.nCopies(WIDTH, 0.5f), Collections.nCopies(WIDTH, -1f));

    @TempDir
    java.nio.file.Path folder;

    @Test
    void roundTripsBytes() throws Exception {
        Examples written = bytes();
        Examples read = ExampleFileReader.read("part", write("part", written), WIDTH, 10, HALVES);
        assertSameKeys(written, read);
        assertArrayEquals(((ByteFeatures) written.features()).bytes(), ((ByteFeatures) read.features()).bytes());
        assertEquals(written.feature(SIZE - 1, 3), read.feature(SIZE - 1, 3));
    }

    @Test
    void roundTripsFloats() throws Exception {
        Examples written = floats();
        Examples read = ExampleFileReader.read("part", write("part", written), WIDTH, 10, HALVES);
        assertSameKeys(written, read);
        SameExamples.assertSame(written, read);
    }

    @Test
    void theSameExamplesGiveTheSameFile() throws Exception {
        assertArrayEquals(write("one", bytes()), write("two", bytes()));
        assertArrayEquals(write("three", floats()), write("four", floats()));
    }

    @Test
    void saysTheLengthAndTheChecksumOfTheFile() throws Exception {
        FileSystem fileSystem = FileSystem.getLocal(new Configuration());
        Path path = new Path(folder.resolve("part").toString());
        ExampleFileWriter.Written written = ExampleFileWriter.write(fileSystem, path, bytes());
        byte[] content = Files.readAllBytes(folder.resolve("part"));
        assertEquals(new ExampleFileWriter.Written(content.length, Sha256.hex(content)), written);
    }

    @Test
    void refusesAnotherWidth() throws Exception {
        byte[] ofBytes = write("bytes", bytes());
        byte[] ofFloats = write("floats", floats());
        for (int width : new int[] {WIDTH - 1, WIDTH + 1}) {
            OneLine.ofData(
                    () -> ExampleFileReader.read("part", ofBytes, width, 10, HALVES),
                    "part: example 5000000000 has 7 features, expected " + width);
            OneLine.ofData(
                    () -> ExampleFileReader.read("part", ofFloats, width, 10, HALVES),
                    "part: example 5000000000 has 7 features, expected " + width);
        }
    }

    @Test
    void refusesALabelOutsideTheClasses() throws Exception {
        byte[] content = write("part", bytes());
        OneLine.ofData(() -> ExampleFileReader.read("part", content, WIDTH, 5, HALVES), "part: example", "has label 5");
    }

    @Test
    void refusesWhatIsNotParquet() {
        OneLine.ofData(
                () -> ExampleFileReader.read("part", new byte[100], WIDTH, 10, HALVES),
                "part: cannot be read as Parquet",
                "prepare the data again");
    }

    @Test
    void roundTripsLists() throws Exception {
        Examples written = Examples.of(floats().features().sparse(), 10, ids(), labels());
        Examples read = ExampleFileReader.read("part", write("part", written), WIDTH, 10, Transformation.none(WIDTH));
        assertSameKeys(written, read);
        assertEquals(Features.Form.SPARSE, read.features().form());
        SameExamples.assertSame(written, read);
    }

    /** Files that another program wrote: of lists that are none, the first example is whole. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    7     | 1       | the index 7, expected indices that ascend from 0 to 6
                    -1    | 1       | the index -1, expected
                    3 2   | 1 1     | the index 2, expected
                    3 3   | 1 1     | the index 3, expected
                    1 2   | 1       | another number of indices than of values
                    1     | 1 1     | another number of indices than of values
                    1     |         | another number of indices than of values
                          | 1       | another number of indices than of values
                    1     | NaN     | a feature that is NaN, expected finite
                    1     | -Infinity | a feature that is -Infinity
                    """)
    void refusesListsThatAreNone(String indices, String values, String expected) throws Exception {
        byte[] content =
                foreign(List.of("0 6", indices == null ? "" : indices), List.of("1 2", values == null ? "" : values));
        OneLine.ofData(
                () -> ExampleFileReader.read("part", content, WIDTH, 10, HALVES),
                "part: example 5000000001 has",
                expected);
    }

    private byte[] foreign(List<String> indices, List<String> values) throws IOException {
        MessageType columns = new ExampleSchema(Features.Form.SPARSE, 0, false).columns();
        java.nio.file.Path file = folder.resolve("foreign");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new Path(file.toString()))
                .withType(columns)
                .build()) {
            for (int i = 0; i < indices.size(); i++) {
                Group row = new SimpleGroup(columns)
                        .append(ExampleSchema.ID, 5_000_000_000L + i)
                        .append(ExampleSchema.LABEL, 0);
                Group features = row.addGroup(ExampleSchema.FEATURES);
                Group places = features.addGroup(ExampleSchema.INDICES);
                for (String index : words(indices.get(i))) {
                    places.addGroup(ExampleSchema.LIST).append(ExampleSchema.ELEMENT, Integer.parseInt(index));
                }
                Group numbers = features.addGroup(ExampleSchema.VALUES);
                for (String value : words(values.get(i))) {
                    numbers.addGroup(ExampleSchema.LIST).append(ExampleSchema.ELEMENT, Float.parseFloat(value));
                }
                writer.write(row);
            }
        }
        return Files.readAllBytes(file);
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.split(" "));
    }

    private static Examples bytes() {
        byte[] bytes = new byte[SIZE * WIDTH];
        new Random(1).nextBytes(bytes);
        return Examples.ofBytes(WIDTH, 10, ids(), labels(), bytes, HALVES.keptScale(), HALVES.keptOffset());
    }

    private static Examples floats() {
        float[] floats = new float[SIZE * WIDTH];
        Random random = new Random(2);
        for (int k = 0; k < floats.length; k++) {
            floats[k] = (float) random.nextGaussian();
        }
        return Examples.ofFloats(WIDTH, 10, ids(), labels(), floats);
    }

    private static long[] ids() {
        long[] ids = new long[SIZE];
        java.util.Arrays.setAll(ids, i -> 5_000_000_000L + i);
        return ids;
    }

    private static int[] labels() {
        int[] labels = new int[SIZE];
        java.util.Arrays.setAll(labels, i -> i % 10);
        return labels;
    }

    private static void assertSameKeys(Examples expected, Examples got) {
        assertEquals(expected.size(), got.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.id(i), got.id(i));
            assertEquals(expected.label(i), got.label(i));
        }
    }

    private byte[] write(String name, Examples examples) throws IOException {
        ExampleFileWriter.write(
                FileSystem.getLocal(new Configuration()),
                new Path(folder.resolve(name).toString()),
                examples);
        return Files.readAllBytes(folder.resolve(name));
    }
}

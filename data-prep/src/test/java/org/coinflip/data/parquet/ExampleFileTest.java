package org.coinflip.data.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Collections;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.OneLine;
import org.coinflip.model.example.Examples;
import org.coinflip.model.storage.Sha256;
import org.coinflip.model.transform.Binarisation;
import org.coinflip.model.transform.Scaling;
import org.coinflip.model.transform.Transformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        assertArrayEquals(written.bytes(), read.bytes());
        assertEquals(written.feature(SIZE - 1, 3), read.feature(SIZE - 1, 3));
    }

    @Test
    void roundTripsFloats() throws Exception {
        Examples written = floats();
        Examples read = ExampleFileReader.read("part", write("part", written), WIDTH, 10, HALVES);
        assertSameKeys(written, read);
        assertArrayEquals(written.floats(), read.floats());
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

    private static Examples bytes() {
        byte[] bytes = new byte[SIZE * WIDTH];
        new Random(1).nextBytes(bytes);
        return Examples.ofBytes(WIDTH, 10, ids(), labels(), bytes, HALVES.byteScale(), HALVES.byteOffset());
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

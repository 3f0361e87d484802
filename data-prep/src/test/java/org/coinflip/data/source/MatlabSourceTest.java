package org.coinflip.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.Dataset;
import org.coinflip.data.IdxBytes;
import org.coinflip.data.MatBytes;
import org.coinflip.data.OneLine;
import org.coinflip.data.Specs;
import org.coinflip.data.Split;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.model.example.Examples;
import org.coinflip.model.example.Features;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Splits, labels, names and pictures of MAT-files; what is read of a file is {@link MatFileTest}'s. */
class MatlabSourceTest {
    private static final Path STATIC_MNIST = Path.of("../../shared/data/mnist-static");
    private static final Configuration CONF = new Configuration();

    /** Of three examples of two features, column by column. */
    private static final double[] COLUMNS = {1.5, -2, 3e8, 0, 0.25, -1e-3};

    @TempDir
    private Path path;

    private MatFolder folder;

    @BeforeEach
    void setUp() {
        folder = new MatFolder(path);
    }

    /** Numbers that are all 0 or 1 are bits whatever their class; else bytes are bytes where that is their class. */
    @Test
    void theFormIsThatOfAllFiles() {
        byte[] bits = MatBytes.littleEndian()
                .bytes("X", MatBytes.DOUBLE_CLASS, 2, (byte) 0, (byte) 1)
                .file();
        byte[] doubles = MatBytes.littleEndian().doubles("X", 2, 0, 1).file();
        byte[] bytes = MatBytes.littleEndian()
                .bytes("X", MatBytes.UINT8_CLASS, 2, (byte) 255, (byte) 1)
                .file();
        byte[] counts = MatBytes.littleEndian()
                .bytes("X", MatBytes.DOUBLE_CLASS, 2, (byte) 5, (byte) 1)
                .file();
        assertForm(Features.Form.BYTES, 1, bits, doubles, bits);
        assertForm(Features.Form.BYTES, 255, bytes, bytes, bytes);
        assertForm(Features.Form.FLOATS, 0, bits, bits, counts);
        assertForm(Features.Form.FLOATS, 0, bytes, counts, bits);
    }

    private void assertForm(Features.Form form, int most, byte[] train, byte[] valid, byte[] test) {
        folder.write(train, valid, test);
        RawData data = folder.source("").read(CONF);
        for (RawExamples part : List.of(data.development(), data.test().orElseThrow())) {
            assertEquals(form, part.features().form());
            assertEquals(most, part.byteMaximum());
        }
    }

    @Test
    void eachFileIsASplit() {
        folder.write(
                MatBytes.littleEndian().doubles("X", 4, 10, 11, 12, 13).file(),
                MatBytes.littleEndian().doubles("X", 2, 20, 21).file(),
                MatBytes.littleEndian().doubles("X", 3, 30, 31, 32).file());
        Dataset data = Dataset.open(Specs.of(folder.section("") + ", scale = none"), CONF);
        assertArrayEquals(new float[] {10, 11, 12, 13}, numbers(data, Split.TRAIN));
        assertArrayEquals(new float[] {20, 21}, numbers(data, Split.VALID));
        assertArrayEquals(new float[] {30, 31, 32}, numbers(data, Split.TEST));
        assertEquals(4, data.examples(Split.VALID).id(0));
        assertEquals(6, data.examples(Split.TEST).id(0));
        assertEquals(0, data.description().classes());
        assertTrue(data.description().notes().isEmpty());
        Dataset two =
                Dataset.open(Specs.of(folder.section("") + ", scale = none, split { train = 2, seed = 5 }"), CONF);
        float[] some = numbers(two, Split.TRAIN);
        assertEquals(2, some.length);
        assertTrue(some[0] < some[1] && some[1] < 14);
        assertArrayEquals(new float[] {20, 21}, numbers(two, Split.VALID));
        assertEquals(2, two.description().unused());
        OneLine.ofUsage(
                () -> Dataset.open(Specs.of(folder.section("") + ", split { train = 5 }"), CONF),
                "data.split.train: got 5, expected at most the 4 training examples");
    }

    @Test
    void filesOfAnyNameAndTheSplitOfTheRest() {
        IdxBytes.write(
                path,
                "a.mat",
                MatBytes.littleEndian().doubles("X", 40, new double[40]).file());
        IdxBytes.write(
                path,
                "b.mat.gz",
                IdxBytes.gzip(MatBytes.bigEndian().doubles("X", 3, 1, 2, 3).file()));
        Dataset one = Dataset.open(Specs.of(folder.section("train = a.mat, valid = none, test = none")), CONF);
        assertEquals(32, one.examples(Split.TRAIN).size());
        assertEquals(4, one.examples(Split.TEST).size());
        Dataset two = Dataset.open(Specs.of(folder.section("train = a.mat, valid = none, test = b.mat")), CONF);
        assertEquals(36, two.examples(Split.TRAIN).size());
        assertEquals(3, two.examples(Split.TEST).size());
        OneLine.ofUsage(() -> Specs.of(folder.section("test = none")), "data.valid: got nothing, expected none");
        OneLine.ofUsage(
                () -> Specs.of(folder.section("") + ", split { valid = 1 }"),
                "data.split.valid",
                "matlab brings its own validation examples");
        OneLine.ofUsage(() -> Specs.of(folder.section("") + ", split { stratified = true }"), "data.split.stratified");
        OneLine.ofUsage(() -> Specs.of(folder.section("") + ", split { folds = 3, fold = 0 }"), "data.split.folds");
    }

    @Test
    void readsLabelsOfARowOrAColumn() {
        for (int[] form : new int[][] {{1, 3}, {3, 1}}) {
            byte[] file = MatBytes.littleEndian()
                    .compressed()
                    .doubles("X", 3, COLUMNS)
                    .variable("y", MatBytes.UINT8_CLASS, form, 2, (byte) 3, (byte) 1, (byte) 3)
                    .file();
            RawData data = folder.read(file, "label-variable = y");
            assertEquals(2, data.classes());
            assertEquals(List.of(1, 3), data.naming().labels());
            assertEquals(3, data.development().label(2));
        }
        byte[] few =
                MatBytes.littleEndian().doubles("X", 3, COLUMNS).ints("y", 0, 1).file();
        OneLine.ofData(
                () -> folder.read(few, "label-variable = y"), "got labels of 2 × 1, expected a row or a column of 3");
        byte[] half = MatBytes.littleEndian()
                .doubles("X", 3, COLUMNS)
                .doubles("y", 3, 0, 1.5, 1)
                .file();
        OneLine.ofData(
                () -> folder.read(half, "label-variable = y"), "example 1 has label 1.5, expected a label from 0");
    }

    @Test
    void aVariableIsTakenByItsNameOrForBeingTheOnlyOne() {
        byte[] several = MatBytes.littleEndian()
                .variable("note", MatBytes.CHAR_CLASS, new int[] {1, 2}, 4, (byte) 'h', (byte) 0, (byte) 'i', (byte) 0)
                .compressed()
                .doubles("first", 1, 1, 2)
                .doubles("second", 1, 3, 4)
                .file();
        assertArrayEquals(
                new float[] {3, 4},
                MatFolder.numbers(folder.read(several, "variable = second").development()));
        OneLine.ofData(
                () -> folder.read(several, "variable = third"),
                "got the variables note, first, second, expected third among them: correct data.variable");
        byte[] two = MatBytes.littleEndian()
                .doubles("first", 1, 1, 2)
                .doubles("second", 1, 3, 4)
                .file();
        OneLine.ofData(
                () -> folder.read(two, ""), "got the variables first, second, expected one: say by data.variable");
        OneLine.ofData(
                () -> folder.read(two, "variable = first, label-variable = y"),
                "expected y among them: correct data.label-variable");
        byte[] twice =
                MatBytes.littleEndian().doubles("X", 1, 1).doubles("X", 1, 3).file();
        OneLine.ofData(() -> folder.read(twice, "variable = X"), "got two variables X");
        OneLine.ofData(() -> folder.read(MatBytes.bigEndian().file(), ""), "got no variable, expected a matrix");
    }

    @Test
    void seesWhereFloatsDoNotTellValuesApart() {
        double[] seconds = new double[60];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = 1_700_000_000.0 + i;
        }
        RawData data =
                folder.read(MatBytes.littleEndian().doubles("X", 60, seconds).file(), "");
        assertTrue(data.unresolved().orElseThrow().contains("feature 0 has values from 1700000000"));
    }

    @Test
    void rowsAndColumnsMakePictures() {
        byte[] file = MatBytes.littleEndian().doubles("X", 1, 1, 2, 3, 4, 5, 6).file();
        assertEquals(
                new ImageShape(2, 3), folder.read(file, "rows = 2, columns = 3").image());
        OneLine.ofData(
                () -> folder.read(file, "rows = 2, columns = 2"),
                "got examples of 6 features, expected 4 as data.rows × data.columns");
        OneLine.ofUsage(() -> folder.source("rows = 2"), "data.columns", "together or not at all");
    }

    @Test
    void refusesFilesOfDifferentWidths() {
        byte[] two = MatBytes.littleEndian().doubles("X", 1, 1, 2).file();
        folder.write(two, two, MatBytes.littleEndian().doubles("X", 1, 1, 2, 3).file());
        OneLine.ofData(() -> folder.source("").read(CONF), "test.mat: got examples of 3 features, expected 2 as in");
    }

    /** The sums were taken by another program (zlib and loops of Python). */
    @Test
    void readsStaticallyBinarisedMnist() {
        assumeTrue(Files.isDirectory(STATIC_MNIST), "statically binarised MNIST is not on this machine");
        RawData data = ((MatlabSource) Specs.of("source = matlab, path = \"" + STATIC_MNIST + "\"")
                        .source())
                .read(CONF);
        assertEquals(60_000, data.development().size());
        assertEquals(10_000, data.test().orElseThrow().size());
        assertEquals(1, data.development().byteMaximum());
        assertEquals(5_118_041 + 1_028_036, sum(data.development(), 0, 60_000));
        assertEquals(123, sum(data.development(), 0, 1));
        assertEquals(119, sum(data.development(), 49_999, 50_000));
        assertEquals(1_038_896, sum(data.test().orElseThrow(), 0, 10_000));
    }

    private static long sum(RawExamples examples, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            for (int j = 0; j < examples.width(); j++) {
                sum += (long) examples.feature(i, j);
            }
        }
        return sum;
    }

    private static float[] numbers(Dataset data, Split split) {
        Examples examples = data.examples(split);
        float[] numbers = new float[examples.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = examples.feature(i, 0);
        }
        return numbers;
    }
}

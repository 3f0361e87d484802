package org.coinflip.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are made by {@link MatBytes}; what is read of them is held to the numbers that went in. */
class MatlabSourceTest {
    private static final Path STATIC_MNIST = Path.of("../../shared/data/mnist-static");
    private static final Configuration CONF = new Configuration();

    /** Of three examples of two features, column by column. */
    private static final double[] COLUMNS = {1.5, -2, 3e8, 0, 0.25, -1e-3};

    @TempDir
    private Path folder;

    @Test
    void readsBothOrdersOfBytesCompressedOrNotGzippedOrNot() {
        for (MatBytes file : List.of(
                MatBytes.littleEndian(),
                MatBytes.bigEndian(),
                MatBytes.littleEndian().compressed(),
                MatBytes.bigEndian().compressed())) {
            byte[] content = file.doubles("X", 3, COLUMNS).file();
            for (byte[] stored : new byte[][] {content, IdxBytes.gzip(content)}) {
                RawExamples examples = read(stored, "").development();
                assertEquals(3, examples.size());
                assertEquals(Features.Form.FLOATS, examples.features().form());
                assertArrayEquals(new float[] {1.5f, 0, -2, 0.25f, 3e8f, -1e-3f}, numbers(examples));
                assertEquals(Examples.UNLABELLED, examples.label(2));
            }
        }
    }

    @Test
    void readsEveryStorageTypeUnderAnyClass() {
        MatBytes file = MatBytes.bigEndian();
        ByteBuffer room = file.numbers(16);
        byte[] shorts = Arrays.copyOf(
                room.putShort(0, (short) -7).putShort(2, (short) 40_000).array(), 4);
        byte[] ints =
                Arrays.copyOf(room.putInt(0, -7).putInt(4, (int) 3_000_000_000L).array(), 8);
        byte[] singles = Arrays.copyOf(room.putFloat(0, 0.1f).putFloat(4, -2).array(), 8);
        assertStored(new float[] {-7, 100}, 1, (byte) -7, (byte) 100);
        assertStored(new float[] {200, 3}, 2, (byte) 200, (byte) 3);
        assertStored(new float[] {-7, (short) 40_000}, 3, shorts);
        assertStored(new float[] {65_529, 40_000}, 4, shorts);
        assertStored(new float[] {-7, (int) 3_000_000_000L}, 5, ints);
        assertStored(new float[] {4_294_967_289L, 3e9f}, 6, ints);
        assertStored(new float[] {0.1f, -2}, 7, singles);
    }

    private void assertStored(float[] expected, int storage, byte... content) {
        for (int ofClass : new int[] {MatBytes.DOUBLE_CLASS, MatBytes.SINGLE_CLASS, MatBytes.INT32_CLASS}) {
            byte[] file = MatBytes.bigEndian()
                    .variable("X", ofClass, new int[] {2, 1}, storage, content)
                    .file();
            assertArrayEquals(expected, numbers(read(file, "").development()));
        }
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
        write(train, valid, test);
        RawData data = source("").read(CONF);
        for (RawExamples part : List.of(data.development(), data.test().orElseThrow())) {
            assertEquals(form, part.features().form());
            assertEquals(most, part.byteMaximum());
        }
    }

    @Test
    void eachFileIsASplit() {
        write(
                MatBytes.littleEndian().doubles("X", 4, 10, 11, 12, 13).file(),
                MatBytes.littleEndian().doubles("X", 2, 20, 21).file(),
                MatBytes.littleEndian().doubles("X", 3, 30, 31, 32).file());
        Dataset data = Dataset.open(Specs.of(section("") + ", scale = none"), CONF);
        assertArrayEquals(new float[] {10, 11, 12, 13}, numbers(data, Split.TRAIN));
        assertArrayEquals(new float[] {20, 21}, numbers(data, Split.VALID));
        assertArrayEquals(new float[] {30, 31, 32}, numbers(data, Split.TEST));
        assertEquals(4, data.examples(Split.VALID).id(0));
        assertEquals(6, data.examples(Split.TEST).id(0));
        assertEquals(0, data.description().classes());
        assertTrue(data.description().notes().isEmpty());
        Dataset two = Dataset.open(Specs.of(section("") + ", scale = none, split { train = 2, seed = 5 }"), CONF);
        float[] some = numbers(two, Split.TRAIN);
        assertEquals(2, some.length);
        assertTrue(some[0] < some[1] && some[1] < 14);
        assertArrayEquals(new float[] {20, 21}, numbers(two, Split.VALID));
        assertEquals(2, two.description().unused());
        OneLine.ofUsage(
                () -> Dataset.open(Specs.of(section("") + ", split { train = 5 }"), CONF),
                "data.split.train: got 5, expected at most the 4 training examples");
    }

    @Test
    void filesOfAnyNameAndTheSplitOfTheRest() {
        IdxBytes.write(
                folder,
                "a.mat",
                MatBytes.littleEndian().doubles("X", 40, new double[40]).file());
        IdxBytes.write(
                folder,
                "b.mat.gz",
                IdxBytes.gzip(MatBytes.bigEndian().doubles("X", 3, 1, 2, 3).file()));
        Dataset one = Dataset.open(Specs.of(section("train = a.mat, valid = none, test = none")), CONF);
        assertEquals(32, one.examples(Split.TRAIN).size());
        assertEquals(4, one.examples(Split.TEST).size());
        Dataset two = Dataset.open(Specs.of(section("train = a.mat, valid = none, test = b.mat")), CONF);
        assertEquals(36, two.examples(Split.TRAIN).size());
        assertEquals(3, two.examples(Split.TEST).size());
        OneLine.ofUsage(() -> Specs.of(section("test = none")), "data.valid: got nothing, expected none");
        OneLine.ofUsage(
                () -> Specs.of(section("") + ", split { valid = 1 }"),
                "data.split.valid",
                "matlab brings its own validation examples");
        OneLine.ofUsage(() -> Specs.of(section("") + ", split { stratified = true }"), "data.split.stratified");
        OneLine.ofUsage(() -> Specs.of(section("") + ", split { folds = 3, fold = 0 }"), "data.split.folds");
    }

    @Test
    void readsLabelsOfARowOrAColumn() {
        for (int[] form : new int[][] {{1, 3}, {3, 1}}) {
            byte[] file = MatBytes.littleEndian()
                    .compressed()
                    .doubles("X", 3, COLUMNS)
                    .variable("y", MatBytes.UINT8_CLASS, form, 2, (byte) 3, (byte) 1, (byte) 3)
                    .file();
            RawData data = read(file, "label-variable = y");
            assertEquals(2, data.classes());
            assertEquals(List.of(1, 3), data.naming().labels());
            assertEquals(3, data.development().label(2));
        }
        byte[] few =
                MatBytes.littleEndian().doubles("X", 3, COLUMNS).ints("y", 0, 1).file();
        OneLine.ofData(() -> read(few, "label-variable = y"), "got labels of 2 × 1, expected a row or a column of 3");
        byte[] half = MatBytes.littleEndian()
                .doubles("X", 3, COLUMNS)
                .doubles("y", 3, 0, 1.5, 1)
                .file();
        OneLine.ofData(() -> read(half, "label-variable = y"), "example 1 has label 1.5, expected a label from 0");
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
                new float[] {3, 4}, numbers(read(several, "variable = second").development()));
        OneLine.ofData(
                () -> read(several, "variable = third"),
                "got the variables note, first, second, expected third among them: correct data.variable");
        byte[] two = MatBytes.littleEndian()
                .doubles("first", 1, 1, 2)
                .doubles("second", 1, 3, 4)
                .file();
        OneLine.ofData(() -> read(two, ""), "got the variables first, second, expected one: say by data.variable");
        OneLine.ofData(
                () -> read(two, "variable = first, label-variable = y"),
                "expected y among them: correct data.label-variable");
        byte[] twice =
                MatBytes.littleEndian().doubles("X", 1, 1).doubles("X", 1, 3).file();
        OneLine.ofData(() -> read(twice, "variable = X"), "got two variables X");
        OneLine.ofData(() -> read(MatBytes.bigEndian().file(), ""), "got no variable, expected a matrix");
    }

    @Test
    void refusesWhatIsNoFullMatrixOfRealNumbers() {
        int[] one = {1, 1};
        assertRefused(MatBytes.CELL_CLASS, one, "got a cell array, expected a full matrix of real numbers");
        assertRefused(2, one, "got a struct");
        assertRefused(MatBytes.CHAR_CLASS, one, "got a text");
        assertRefused(MatBytes.SPARSE_CLASS, one, "got a sparse matrix");
        assertRefused(MatBytes.DOUBLE_CLASS | MatBytes.COMPLEX, one, "got complex numbers");
        assertRefused(MatBytes.DOUBLE_CLASS, new int[] {1, 1, 1}, "the dimensions [1, 1, 1], expected two");
        assertRefused(MatBytes.DOUBLE_CLASS, new int[] {0, 5}, "the dimensions [0, 5]");
        assertRefused(MatBytes.DOUBLE_CLASS, new int[] {-1, 5}, "the dimensions [-1, 5]");
        byte[] wide =
                MatBytes.littleEndian().variable("X", 14, one, 12, new byte[8]).file();
        OneLine.ofData(() -> read(wide, ""), "got numbers of the storage type 12, expected int8 to uint32");
        byte[] notANumber =
                MatBytes.littleEndian().doubles("X", 2, 1, 2, 3, Double.NaN).file();
        OneLine.ofData(() -> read(notANumber, ""), "example 1 has feature 1 = NaN, expected a finite number");
        byte[] huge = MatBytes.littleEndian().doubles("X", 1, 1e39).file();
        OneLine.ofData(() -> read(huge, ""), "example 0 has feature 0 = 1.0E39");
    }

    private void assertRefused(int flags, int[] dimensions, String part) {
        byte[] file = MatBytes.littleEndian()
                .variable("X", flags, dimensions, 9, new byte[8])
                .file();
        OneLine.ofData(() -> read(file, ""), "variable X: ", part);
    }

    @Test
    void refusesOtherVersions() {
        byte[] newer = MatBytes.littleEndian().doubles("X", 1, 1).file();
        ByteBuffer.wrap(newer).putShort(124, (short) 0x0002);
        OneLine.ofData(() -> read(newer, ""), "version 7.3, which is HDF5", "save it again with -v7");
        byte[] hdf5 = Arrays.copyOf(new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'}, 600);
        OneLine.ofData(() -> read(hdf5, ""), "version 7.3, which is HDF5");
        OneLine.ofData(() -> read(new byte[600], ""), "got a header of another form, expected a MAT-file of Level 5");
        OneLine.ofData(() -> read(new byte[20], ""), "got 20 bytes, expected a MAT-file");
    }

    @Test
    void refusesDimensionsThatDisagreeWithTheNumbers() {
        int most = Integer.MAX_VALUE;
        byte[] vast = MatBytes.littleEndian()
                .compressed()
                .variable("X", MatBytes.DOUBLE_CLASS, new int[] {most, most}, 2, (byte) 1)
                .file();
        OneLine.ofData(() -> read(vast, ""), "got 2147483647 examples of 2147483647 features, expected at most");
        byte[] more = MatBytes.littleEndian()
                .variable("X", MatBytes.DOUBLE_CLASS, new int[] {3, 2}, 2, new byte[5])
                .file();
        OneLine.ofData(() -> read(more, ""), "got 5 bytes of numbers, expected 6 for 3 × 2");
    }

    /** Sixteen megabytes of zeros in a few kilobytes, rubbish after an array, and rubbish after all of them. */
    @Test
    void refusesAStreamThatHoldsMoreThanItsArray() {
        MatBytes file = MatBytes.littleEndian();
        byte[] array = MatBytes.littleEndian().doubles("X", 1, 7).file();
        byte[] longer = Arrays.copyOf(Arrays.copyOfRange(array, 128, array.length), 1 << 24);
        byte[] bomb = file.raw(file.element(15, MatBytes.deflated(longer))).file();
        OneLine.ofData(() -> read(bomb, ""), "got more in a compressed element than its array");
        byte[] inside = MatBytes.littleEndian().doubles("X", 1, 7).file();
        ByteBuffer.wrap(inside).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(132, inside.length - 136 + 8);
        byte[] after = Arrays.copyOf(inside, inside.length + 8);
        OneLine.ofData(() -> read(after, ""), "got 8 bytes after the numbers, expected none");
        byte[] rubbish = Arrays.copyOf(array, array.length + 3);
        OneLine.ofData(() -> read(rubbish, ""), "is truncated or damaged (it ends in a tag)");
        byte[] other = Arrays.copyOf(array, array.length + 8);
        OneLine.ofData(() -> read(other, ""), "got an element of the type 0");
    }

    /** A byte of a zlib stream that is another is seen by its checksum, if by nothing before. */
    @Test
    void seesADamagedStream() {
        byte[] whole =
                MatBytes.littleEndian().compressed().doubles("X", 3, COLUMNS).file();
        for (int k = 136; k < whole.length; k++) {
            byte[] damaged = whole.clone();
            damaged[k] ^= 0x10;
            OneLine.ofData(() -> read(damaged, ""));
        }
    }

    @Test
    void seesWhereFloatsDoNotTellValuesApart() {
        double[] seconds = new double[60];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = 1_700_000_000.0 + i;
        }
        RawData data = read(MatBytes.littleEndian().doubles("X", 60, seconds).file(), "");
        assertTrue(data.unresolved().orElseThrow().contains("feature 0 has values from 1700000000"));
    }

    @Test
    void rowsAndColumnsMakePictures() {
        byte[] file = MatBytes.littleEndian().doubles("X", 1, 1, 2, 3, 4, 5, 6).file();
        assertEquals(new ImageShape(2, 3), read(file, "rows = 2, columns = 3").image());
        OneLine.ofData(
                () -> read(file, "rows = 2, columns = 2"),
                "got examples of 6 features, expected 4 as data.rows × data.columns");
        OneLine.ofUsage(() -> source("rows = 2"), "data.columns", "together or not at all");
    }

    @Test
    void refusesFilesOfDifferentWidths() {
        byte[] two = MatBytes.littleEndian().doubles("X", 1, 1, 2).file();
        write(two, two, MatBytes.littleEndian().doubles("X", 1, 1, 2, 3).file());
        OneLine.ofData(() -> source("").read(CONF), "test.mat: got examples of 3 features, expected 2 as in");
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

    private static float[] numbers(RawExamples examples) {
        float[] numbers = new float[examples.size() * examples.width()];
        for (int k = 0; k < numbers.length; k++) {
            numbers[k] = examples.feature(k / examples.width(), k % examples.width());
        }
        return numbers;
    }

    private static float[] numbers(Dataset data, Split split) {
        Examples examples = data.examples(split);
        float[] numbers = new float[examples.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = examples.feature(i, 0);
        }
        return numbers;
    }

    private void write(byte[] train, byte[] valid, byte[] test) {
        IdxBytes.write(folder, "train.mat", train);
        IdxBytes.write(folder, "valid.mat", valid);
        IdxBytes.write(folder, "test.mat", test);
    }

    /** A training file alone. */
    private RawData read(byte[] train, String keys) {
        IdxBytes.write(folder, "train.mat", train);
        return source("valid = none, test = none" + (keys.isEmpty() ? "" : ", " + keys))
                .read(CONF);
    }

    private MatlabSource source(String keys) {
        return (MatlabSource) Specs.of(section(keys)).source();
    }

    private String section(String keys) {
        return "source = matlab, path = \"" + folder + "\"" + (keys.isEmpty() ? "" : ", " + keys);
    }
}

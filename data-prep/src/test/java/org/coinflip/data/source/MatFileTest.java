package org.coinflip.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.coinflip.data.IdxBytes;
import org.coinflip.data.MatBytes;
import org.coinflip.data.OneLine;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.model.example.Examples;
import org.coinflip.model.example.Features;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are made by {@link MatBytes}; what is read of one is held to the numbers that went in, and what is no MAT-file is refused. */
class MatFileTest {
    /** Of three examples of two features, column by column. */
    private static final double[] COLUMNS = {1.5, -2, 3e8, 0, 0.25, -1e-3};

    @TempDir
    private Path path;

    private MatFolder folder;

    @BeforeEach
    void setUp() {
        folder = new MatFolder(path);
    }

    @Test
    void readsBothOrdersOfBytesCompressedOrNotGzippedOrNot() {
        for (MatBytes file : List.of(
                MatBytes.littleEndian(),
                MatBytes.bigEndian(),
                MatBytes.littleEndian().compressed(),
                MatBytes.bigEndian().compressed())) {
            byte[] content = file.doubles("X", 3, COLUMNS).file();
            for (byte[] stored : new byte[][] {content, IdxBytes.gzip(content)}) {
                RawExamples examples = folder.read(stored, "").development();
                assertEquals(3, examples.size());
                assertEquals(Features.Form.FLOATS, examples.features().form());
                assertArrayEquals(new float[] {1.5f, 0, -2, 0.25f, 3e8f, -1e-3f}, MatFolder.numbers(examples));
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
            assertArrayEquals(expected, MatFolder.numbers(folder.read(file, "").development()));
        }
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
        OneLine.ofData(() -> folder.read(wide, ""), "got numbers of the storage type 12, expected int8 to uint32");
        byte[] notANumber =
                MatBytes.littleEndian().doubles("X", 2, 1, 2, 3, Double.NaN).file();
        OneLine.ofData(() -> folder.read(notANumber, ""), "example 1 has feature 1 = NaN, expected a finite number");
        byte[] huge = MatBytes.littleEndian().doubles("X", 1, 1e39).file();
        OneLine.ofData(() -> folder.read(huge, ""), "example 0 has feature 0 = 1.0E39");
    }

    private void assertRefused(int flags, int[] dimensions, String part) {
        byte[] file = MatBytes.littleEndian()
                .variable("X", flags, dimensions, 9, new byte[8])
                .file();
        OneLine.ofData(() -> folder.read(file, ""), "variable X: ", part);
    }

    @Test
    void refusesOtherVersions() {
        byte[] newer = MatBytes.littleEndian().doubles("X", 1, 1).file();
        ByteBuffer.wrap(newer).putShort(124, (short) 0x0002);
        OneLine.ofData(() -> folder.read(newer, ""), "version 7.3, which is HDF5", "save it again with -v7");
        byte[] hdf5 = Arrays.copyOf(new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'}, 600);
        OneLine.ofData(() -> folder.read(hdf5, ""), "version 7.3, which is HDF5");
        OneLine.ofData(
                () -> folder.read(new byte[600], ""), "got a header of another form, expected a MAT-file of Level 5");
        OneLine.ofData(() -> folder.read(new byte[20], ""), "got 20 bytes, expected a MAT-file");
    }

    @Test
    void refusesDimensionsThatDisagreeWithTheNumbers() {
        int most = Integer.MAX_VALUE;
        byte[] vast = MatBytes.littleEndian()
                .compressed()
                .variable("X", MatBytes.DOUBLE_CLASS, new int[] {most, most}, 2, (byte) 1)
                .file();
        OneLine.ofData(() -> folder.read(vast, ""), "got 2147483647 examples of 2147483647 features, expected at most");
        byte[] more = MatBytes.littleEndian()
                .variable("X", MatBytes.DOUBLE_CLASS, new int[] {3, 2}, 2, new byte[5])
                .file();
        OneLine.ofData(() -> folder.read(more, ""), "got 5 bytes of numbers, expected 6 for 3 × 2");
    }

    /** Sixteen megabytes of zeros in a few kilobytes, rubbish after an array, and rubbish after all of them. */
    @Test
    void refusesAStreamThatHoldsMoreThanItsArray() {
        MatBytes file = MatBytes.littleEndian();
        byte[] array = MatBytes.littleEndian().doubles("X", 1, 7).file();
        byte[] longer = Arrays.copyOf(Arrays.copyOfRange(array, 128, array.length), 1 << 24);
        byte[] bomb = file.raw(file.element(15, MatBytes.deflated(longer))).file();
        OneLine.ofData(() -> folder.read(bomb, ""), "got more in a compressed element than its array");
        byte[] inside = MatBytes.littleEndian().doubles("X", 1, 7).file();
        ByteBuffer.wrap(inside).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(132, inside.length - 136 + 8);
        byte[] after = Arrays.copyOf(inside, inside.length + 8);
        OneLine.ofData(() -> folder.read(after, ""), "got 8 bytes after the numbers, expected none");
        byte[] rubbish = Arrays.copyOf(array, array.length + 3);
        OneLine.ofData(() -> folder.read(rubbish, ""), "is truncated or damaged (it ends in a tag)");
        byte[] other = Arrays.copyOf(array, array.length + 8);
        OneLine.ofData(() -> folder.read(other, ""), "got an element of the type 0");
    }

    /** A byte of a zlib stream that is another is seen by its checksum, if by nothing before. */
    @Test
    void seesADamagedStream() {
        byte[] whole =
                MatBytes.littleEndian().compressed().doubles("X", 3, COLUMNS).file();
        for (int k = 136; k < whole.length; k++) {
            byte[] damaged = whole.clone();
            damaged[k] ^= 0x10;
            OneLine.ofData(() -> folder.read(damaged, ""));
        }
    }
}

package org.coinflip.data.source.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.coinflip.data.raw.HeapRoom;
import org.coinflip.data.raw.Resolution;
import org.coinflip.model.error.DataException;

/**
 * A matrix of real numbers of a MAT-file, row-major. The class of an array is what MATLAB calculates with; how its numbers are stored is another thing: numbers of class double that are
 * whole and small are stored as bytes.
 *
 * @param rows examples
 * @param columns features
 * @param isOfBytes whether it is of class uint8 (or logical), and stored so
 * @param bytes the numbers, where they are stored as bytes; else null
 * @param floats the numbers, finite, where they are not; else null
 * @param resolution what rounding to float32 did to them; of bytes null
 */
public record MatMatrix(int rows, int columns, boolean isOfBytes, byte[] bytes, float[] floats, Resolution resolution) {
    private static final Map<Integer, String> REFUSED = Map.of(
            1, "a cell array",
            2, "a struct",
            3, "an object",
            4, "a text",
            5, "a sparse matrix",
            16, "a function",
            17, "an object");
    private static final int COMPLEX = 0x0800;
    private static final int CLASS = 0xFF;
    private static final int UINT8_CLASS = 9;
    private static final int LAST_CLASS = 15;

    private static final int CHUNK = 1 << 13;

    /**
     * Reads the numbers, which is all that is left of the array.
     *
     * @param where file and variable, for messages
     * @param flags the array's flags and class
     * @param sizes the array's dimensions
     * @param parts after the array's name
     */
    static MatMatrix read(String where, int flags, int[] sizes, MatParts parts) throws IOException {
        int arrayClass = flags & CLASS;
        if (REFUSED.containsKey(arrayClass) || arrayClass < 1 || arrayClass > LAST_CLASS || (flags & COMPLEX) != 0) {
            String got = (flags & COMPLEX) != 0
                    ? "complex numbers"
                    : REFUSED.getOrDefault(arrayClass, "an array of the class " + arrayClass);
            throw new DataException(
                    where + ": got " + got + ", expected a full matrix of real numbers: save full(double(real(…)))");
        }
        if (sizes.length != 2 || sizes[0] < 1 || sizes[1] < 1) {
            throw new DataException(where + ": got an array of the dimensions " + Arrays.toString(sizes)
                    + ", expected two, examples × features, each at least 1: reshape it and save it again");
        }
        HeapRoom.require(where, sizes[0], sizes[1], "save a part of it");
        parts.next();
        int size = size(parts.type(), where);
        long expected = (long) sizes[0] * sizes[1] * size;
        if (parts.length() != expected) {
            throw new DataException(where + ": got " + parts.length() + " bytes of numbers, expected " + expected
                    + " for " + sizes[0] + " × " + sizes[1] + ": save it again");
        }
        MatMatrix matrix = parts.type() == MatParts.UINT8
                ? ofBytes(arrayClass == UINT8_CLASS, sizes[0], sizes[1], parts)
                : ofNumbers(where, sizes[0], sizes[1], size, parts);
        parts.end();
        if (parts.left() > 0) {
            throw new DataException(
                    where + ": got " + parts.left() + " bytes after the numbers, expected none: save it" + " again");
        }
        return matrix;
    }

    private static MatMatrix ofBytes(boolean isOfBytes, int rows, int columns, MatParts parts) throws IOException {
        byte[] all = new byte[rows * columns];
        ByteBuffer chunk = ByteBuffer.allocate(Math.min(rows, CHUNK));
        for (int j = 0; j < columns; j++) {
            for (int from = 0; from < rows; from += CHUNK) {
                int count = Math.min(CHUNK, rows - from);
                parts.fill(chunk, count);
                for (int i = 0; i < count; i++) {
                    all[(from + i) * columns + j] = chunk.get(i);
                }
            }
        }
        return new MatMatrix(rows, columns, isOfBytes, all, null, null);
    }

    private static MatMatrix ofNumbers(String where, int rows, int columns, int size, MatParts parts)
            throws IOException {
        float[] all = new float[rows * columns];
        Resolution resolution = new Resolution(columns);
        ByteBuffer chunk = ByteBuffer.allocate(Math.min(rows, CHUNK) * size);
        for (int j = 0; j < columns; j++) {
            for (int from = 0; from < rows; from += CHUNK) {
                int count = Math.min(CHUNK, rows - from);
                parts.fill(chunk, count * size);
                for (int i = from; i < from + count; i++) {
                    double number = number(chunk, parts.type());
                    float rounded = (float) number;
                    if (!Float.isFinite(rounded)) {
                        throw new DataException(where + ": example " + i + " has feature " + j + " = " + number
                                + ", expected a finite number of float32: correct the data and save them again");
                    }
                    resolution.see(j, number, rounded);
                    all[i * columns + j] = rounded;
                }
            }
        }
        return new MatMatrix(rows, columns, false, null, all, resolution);
    }

    private static int size(int type, String where) {
        return switch (type) {
            case MatParts.INT8, MatParts.UINT8 -> 1;
            case MatParts.INT16, MatParts.UINT16 -> 2;
            case MatParts.INT32, MatParts.UINT32, MatParts.SINGLE -> 4;
            case MatParts.DOUBLE -> 8;
            default -> throw new DataException(where + ": got numbers of the storage type "
                    + Integer.toUnsignedString(type)
                    + ", expected int8 to uint32, single or double: save double(…)");
        };
    }

    private static double number(ByteBuffer from, int type) {
        return switch (type) {
            case MatParts.INT8 -> from.get();
            case MatParts.INT16 -> from.getShort();
            case MatParts.UINT16 -> from.getShort() & 0xFFFF;
            case MatParts.INT32 -> from.getInt();
            case MatParts.UINT32 -> Integer.toUnsignedLong(from.getInt());
            case MatParts.SINGLE -> from.getFloat();
            default -> from.getDouble();
        };
    }

    /** A number by its place. */
    public float get(int k) {
        return bytes == null ? floats[k] : bytes[k] & 0xFF;
    }

    /** How many numbers there are. */
    public int length() {
        return rows * columns;
    }

    /** Whether all numbers are 0 or 1. */
    public boolean areBits() {
        for (int k = 0; k < length(); k++) {
            if (get(k) != 0 && get(k) != 1) {
                return false;
            }
        }
        return true;
    }
}

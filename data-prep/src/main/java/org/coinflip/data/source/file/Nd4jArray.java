package org.coinflip.data.source.file;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.coinflip.data.raw.Shown;
import org.coinflip.model.error.DataException;

/**
 * An array as ND4J writes it ({@code Nd4j.write}, version 1.0.0-M2): two buffers, of the shape and of the numbers, each how it was allocated, its length, its type and its values, all
 * big-endian. Lengths are held against the file before anything is taken.
 *
 * @param shape sizes, rows first
 * @param numbers row-major, whatever the order in the file
 */
public record Nd4jArray(long[] shape, float[] numbers) {
    private static final int MOST_RANK = 32;
    /** Rank, then sizes and strides, then what is told besides; its last is the order's character. */
    private static final int BESIDE_SIZES = 4;

    /**
     * Reads the next array.
     *
     * @param file at its beginning; afterwards at its end
     * @param path the file, for messages
     */
    public static Nd4jArray read(ByteBuffer file, String path) {
        try {
            long[] info = shapeInfo(file, path);
            int rank = (int) info[0];
            long[] shape = Arrays.copyOfRange(info, 1, 1 + rank);
            boolean isColumnMajor = info[info.length - 1] == 'f';
            text(file);
            long length = file.getLong();
            long expected = 1;
            for (long size : shape) {
                expected = size < 0 ? -1 : Math.multiplyExact(expected, size);
            }
            String type = text(file);
            int bytes = bytes(type, path);
            if (length != expected || length < 0 || length > file.remaining() / bytes) {
                throw refused(
                        path,
                        "an array of the shape " + Arrays.toString(shape) + " with " + length + " numbers, and "
                                + file.remaining() + " bytes after it");
            }
            float[] numbers = new float[(int) length];
            for (int k = 0; k < numbers.length; k++) {
                numbers[isColumnMajor ? rowMajor(k, shape) : k] = number(file, type, path);
            }
            return new Nd4jArray(shape, numbers);
        } catch (BufferUnderflowException | ArithmeticException e) {
            throw refused(
                    path,
                    "a file that ends, or an array that has more numbers than it can have, at byte " + file.position());
        }
    }

    private static long[] shapeInfo(ByteBuffer file, String path) {
        text(file);
        long length = file.getLong();
        String type = text(file);
        if (!type.equals("LONG") || length < BESIDE_SIZES || length > 2L * MOST_RANK + BESIDE_SIZES) {
            throw refused(path, "a shape of " + length + " numbers");
        }
        long[] info = new long[(int) length];
        for (int i = 0; i < info.length; i++) {
            info[i] = file.getLong();
        }
        if (info[0] < 0 || 2 * info[0] + BESIDE_SIZES != length) {
            throw refused(path, "a shape of rank " + info[0] + " in " + length + " numbers");
        }
        return info;
    }

    /** Where number {@code k} of a column-major array is in a row-major one. */
    private static int rowMajor(int k, long[] shape) {
        long place = 0;
        long rest = k;
        for (int d = 0; d < shape.length; d++) {
            long at = rest % shape[d];
            rest /= shape[d];
            long stride = 1;
            for (int e = d + 1; e < shape.length; e++) {
                stride *= shape[e];
            }
            place += at * stride;
        }
        return (int) place;
    }

    private static int bytes(String type, String path) {
        return switch (type) {
            case "BYTE", "UBYTE", "BOOL" -> 1;
            case "SHORT" -> Short.BYTES;
            case "INT", "FLOAT" -> Integer.BYTES;
            case "LONG", "DOUBLE" -> Long.BYTES;
            default -> throw refused(path, "numbers of the type " + Shown.of(type.replaceAll("[^A-Z0-9]", "?")));
        };
    }

    private static float number(ByteBuffer file, String type, String path) {
        double number =
                switch (type) {
                    case "BYTE" -> file.get();
                    case "UBYTE", "BOOL" -> file.get() & 0xFF;
                    case "SHORT" -> file.getShort();
                    case "INT" -> file.getInt();
                    case "FLOAT" -> file.getFloat();
                    case "LONG" -> file.getLong();
                    default -> file.getDouble();
                };
        if (!Float.isFinite((float) number)) {
            throw new DataException(path + ": got the number " + number + " before byte " + file.position()
                    + ", expected finite ones: correct the data and save them again");
        }
        return (float) number;
    }

    /** As {@code DataOutput.writeUTF} writes it; names are of ASCII. */
    private static String text(ByteBuffer file) {
        byte[] name = new byte[Math.min(file.getShort() & 0xFFFF, file.remaining())];
        file.get(name);
        return new String(name, StandardCharsets.US_ASCII);
    }

    private static DataException refused(String path, String got) {
        return new DataException(
                path + ": got " + got + ", expected what DataSet.save of ND4J 1.0.0-M2 writes, of whole or"
                        + " floating numbers: save it again");
    }
}

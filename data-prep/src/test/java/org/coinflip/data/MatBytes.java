package org.coinflip.data;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.Deflater;

/** Small MAT-files made by hand, as MathWorks describes their Level 5 ("MAT-File Format", chapter 1), right and wrong ones. */
public final class MatBytes {
    public static final int CELL_CLASS = 1;
    public static final int CHAR_CLASS = 4;
    public static final int SPARSE_CLASS = 5;
    public static final int DOUBLE_CLASS = 6;
    public static final int SINGLE_CLASS = 7;
    public static final int UINT8_CLASS = 9;
    public static final int INT32_CLASS = 12;
    public static final int COMPLEX = 0x0800;
    public static final int LOGICAL = 0x0200;

    private static final int INT8 = 1;
    private static final int UINT8 = 2;
    private static final int INT32 = 5;
    private static final int UINT32 = 6;
    private static final int DOUBLE = 9;
    private static final int MATRIX = 14;
    private static final int COMPRESSED = 15;

    private final ByteOrder order;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private boolean isCompressed;

    private MatBytes(ByteOrder order) {
        this.order = order;
        byte[] text = "MATLAB 5.0 MAT-file, made by hand".getBytes(US_ASCII);
        ByteBuffer header = ByteBuffer.allocate(128).order(order);
        Arrays.fill(header.array(), 0, 116, (byte) ' ');
        header.put(text).putShort(124, (short) 0x0100).putShort(126, (short) ('M' << 8 | 'I'));
        out.writeBytes(header.array());
    }

    public static MatBytes littleEndian() {
        return new MatBytes(ByteOrder.LITTLE_ENDIAN);
    }

    public static MatBytes bigEndian() {
        return new MatBytes(ByteOrder.BIG_ENDIAN);
    }

    /** What comes after is compressed, a stream a variable. */
    public MatBytes compressed() {
        isCompressed = true;
        return this;
    }

    /** A matrix of class double, stored as such, column by column. */
    public MatBytes doubles(String name, int rows, double... columns) {
        ByteBuffer numbers = numbers(8 * columns.length);
        for (double number : columns) {
            numbers.putDouble(number);
        }
        return variable(name, DOUBLE_CLASS, new int[] {rows, columns.length / rows}, DOUBLE, numbers.array());
    }

    /** A matrix of any class whose numbers are stored as bytes, column by column. */
    public MatBytes bytes(String name, int flags, int rows, byte... columns) {
        return variable(name, flags, new int[] {rows, columns.length / rows}, UINT8, columns);
    }

    /** A column of class int32. */
    public MatBytes ints(String name, int... column) {
        ByteBuffer numbers = numbers(4 * column.length);
        for (int number : column) {
            numbers.putInt(number);
        }
        return variable(name, INT32_CLASS, new int[] {column.length, 1}, INT32, numbers.array());
    }

    /** Room for numbers in this file's order. */
    public ByteBuffer numbers(int bytes) {
        return ByteBuffer.allocate(bytes).order(order);
    }

    /**
     * Any array, whose parts need not fit together.
     *
     * @param flags its class, and what is besides
     * @param storage type of the numbers
     */
    public MatBytes variable(String name, int flags, int[] dimensions, int storage, byte... content) {
        ByteArrayOutputStream parts = new ByteArrayOutputStream();
        parts.writeBytes(part(UINT32, numbers(8).putInt(flags).array()));
        ByteBuffer sizes = numbers(4 * dimensions.length);
        for (int size : dimensions) {
            sizes.putInt(size);
        }
        parts.writeBytes(part(INT32, sizes.array()));
        parts.writeBytes(part(INT8, name.getBytes(US_ASCII)));
        parts.writeBytes(part(storage, content));
        return array(parts.toByteArray());
    }

    /** An array of these parts. */
    public MatBytes array(byte... parts) {
        byte[] element = element(MATRIX, parts);
        return isCompressed ? raw(element(COMPRESSED, deflated(element))) : raw(element);
    }

    /** Any bytes. */
    public MatBytes raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public byte[] file() {
        return out.toByteArray();
    }

    /** A type, a length and so many bytes. */
    public byte[] element(int type, byte... content) {
        return numbers(8 + content.length)
                .putInt(type)
                .putInt(content.length)
                .put(content)
                .array();
    }

    /** Padded with zeros; a small one in eight bytes. */
    private byte[] part(int type, byte... content) {
        if (content.length > 0 && content.length <= 4) {
            ByteBuffer small = numbers(8).putInt(content.length << 16 | type).put(content);
            return small.array();
        }
        byte[] whole = element(type, content);
        return Arrays.copyOf(whole, (whole.length + 7) / 8 * 8);
    }

    /** A zlib stream. */
    public static byte[] deflated(byte... content) {
        Deflater deflater = new Deflater();
        deflater.setInput(content);
        deflater.finish();
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        byte[] some = new byte[1 << 10];
        while (!deflater.finished()) {
            stream.write(some, 0, deflater.deflate(some));
        }
        deflater.end();
        return stream.toByteArray();
    }
}

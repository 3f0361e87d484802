package org.coinflip.data.source.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The parts of one array of a MAT-file, one after another: a tag of type and length, 4 bytes each, the content, and zeros to the next multiple of 8 bytes. A part of at most 4
 * bytes may have its length in the upper half of the type, and its content in the place of the length.
 */
final class MatParts {
    /** Types of numbers, by the specification. */
    static final int INT8 = 1;

    static final int UINT8 = 2;
    static final int INT16 = 3;
    static final int UINT16 = 4;
    static final int INT32 = 5;
    static final int UINT32 = 6;
    static final int SINGLE = 7;
    static final int DOUBLE = 9;
    static final int UTF8 = 16;

    private final LimitedStream in;
    private final ByteOrder order;
    private int type;
    private long length;
    private int padding;

    /**
     * Before the first part.
     *
     * @param in the array's own bytes, all of them
     */
    MatParts(LimitedStream in, ByteOrder order) {
        this.in = in;
        this.order = order;
    }

    /** Reads the tag of the next part. */
    void next() throws IOException {
        int word = numbers(4).getInt();
        boolean isSmall = word >>> 16 != 0;
        type = isSmall ? word & 0xFFFF : word;
        length = isSmall ? word >>> 16 : Integer.toUnsignedLong(numbers(4).getInt());
        if (length > (isSmall ? 4 : in.left())) {
            throw new EOFException("a part of " + length + " bytes has " + (isSmall ? 4 : in.left()));
        }
        padding = (int) (isSmall ? 4 - length : -length & 7);
    }

    int type() {
        return type;
    }

    /** Bytes of the content. */
    long length() {
        return length;
    }

    /** The content of a part of no more than so many bytes, and what it is padded with. */
    ByteBuffer content(int most) throws IOException {
        if (length > most) {
            throw new EOFException("a part of " + length + " bytes, where no more than " + most + " belong");
        }
        ByteBuffer content = numbers((int) length);
        end();
        return content;
    }

    /** So many bytes, in the file's order. */
    ByteBuffer numbers(int bytes) throws IOException {
        byte[] all = new byte[bytes];
        in.exactly(all, bytes);
        return ByteBuffer.wrap(all).order(order);
    }

    /** The next bytes, as many as the buffer is long. */
    void fill(ByteBuffer buffer, int bytes) throws IOException {
        in.exactly(buffer.array(), bytes);
        buffer.order(order).position(0).limit(bytes);
    }

    /** Reads over what a part is padded with; the last part of an array may lack it. */
    void end() throws IOException {
        in.skipNBytes(Math.min(padding, in.left()));
    }

    /** Bytes after what was read. */
    long left() {
        return in.left();
    }
}

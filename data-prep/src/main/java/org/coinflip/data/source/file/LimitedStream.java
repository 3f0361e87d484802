package org.coinflip.data.source.file;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** So many bytes of a stream, which is left open and where they end. A stream that ends before them is an {@link EOFException}. */
final class LimitedStream extends FilterInputStream {
    private long left;

    LimitedStream(InputStream in, long length) {
        super(in);
        this.left = length;
    }

    /** Bytes that were not read yet. */
    long left() {
        return left;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int start, int most) throws IOException {
        if (left == 0 || most == 0) {
            return most == 0 ? 0 : -1;
        }
        int got = in.read(bytes, start, (int) Math.min(most, left));
        if (got < 0) {
            throw new EOFException("it ends " + left + " bytes too early");
        }
        left -= got;
        return got;
    }

    @Override
    public long skip(long count) throws IOException {
        long before = left;
        byte[] over = new byte[(int) Math.min(1 << 13, Math.min(count, left))];
        while (before - left < count && left > 0) {
            read(over, 0, (int) Math.min(over.length, count - (before - left)));
        }
        return before - left;
    }

    /** Fills an array from its beginning. */
    void exactly(byte[] bytes, int length) throws IOException {
        if (length > left) {
            throw new EOFException("an element has " + left + " bytes where " + length + " belong");
        }
        if (in.readNBytes(bytes, 0, length) < length) {
            throw new EOFException("it ends " + left + " bytes too early");
        }
        left -= length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void close() {}
}

package org.coinflip.model.example;

import java.util.List;
import org.coinflip.model.kernel.operation.ScalarMath;

/** Features that are bytes, 0 to 255: pixels, bits. */
public final class ByteFeatures extends Features {
    private static final long serialVersionUID = 1L;

    private final byte[] bytes;
    /** Null where a byte is what it says. */
    private final float[] scale;

    private final float[] offset;

    /** Bytes that are what they say, row-major, {@code size × width}. */
    public ByteFeatures(int size, int width, byte[] bytes) {
        this(size, width, bytes, null, null);
    }

    /**
     * Bytes that are scaled when they are read.
     *
     * @param bytes row-major, {@code size × width}
     * @param scale factor of each feature, length {@code width}
     * @param offset value of each feature at byte 0, length {@code width}
     */
    public ByteFeatures(int size, int width, byte[] bytes, float[] scale, float[] offset) {
        super(size, width);
        requireLength(bytes.length);
        this.bytes = bytes;
        this.scale = scale;
        this.offset = offset;
    }

    /** Row-major; not a copy, not to be modified. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public float[] scale() {
        return scale;
    }

    @Override
    public float[] offset() {
        return offset;
    }

    @Override
    public Form form() {
        return Form.BYTES;
    }

    @Override
    public long memory() {
        return bytes.length;
    }

    @Override
    public long entries() {
        long count = 0;
        for (byte number : bytes) {
            count += number == 0 ? 0 : 1;
        }
        return count;
    }

    @Override
    public float get(int index, int j) {
        int value = bytes[index * width() + j] & 0xFF;
        return scale == null ? value : ScalarMath.fma(scale[j], value, offset[j]);
    }

    @Override
    public void read(int index, float[] out, int at) {
        for (int j = 0; j < width(); j++) {
            out[at + j] = get(index, j);
        }
    }

    @Override
    public Features select(int[] places) {
        byte[] some = new byte[Math.multiplyExact(places.length, width())];
        for (int i = 0; i < places.length; i++) {
            System.arraycopy(bytes, places[i] * width(), some, i * width(), width());
        }
        return new ByteFeatures(places.length, width(), some, scale, offset);
    }

    @Override
    public Features scaled(float[] factors, float[] summands, float[] fill) {
        return scale == null
                ? new ByteFeatures(size(), width(), bytes, factors, summands)
                : dense().scaled(factors, summands, fill);
    }

    @Override
    Features joined(List<Features> blocks, int total) {
        byte[] all = new byte[Math.multiplyExact(total, width())];
        int at = 0;
        for (Features block : blocks) {
            byte[] theirs = ((ByteFeatures) block).bytes;
            System.arraycopy(theirs, 0, all, at, theirs.length);
            at += theirs.length;
        }
        return new ByteFeatures(total, width(), all, scale, offset);
    }
}

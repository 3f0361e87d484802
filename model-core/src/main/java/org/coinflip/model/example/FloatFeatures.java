package org.coinflip.model.example;

import java.util.List;
import org.coinflip.model.kernel.operation.ScalarMath;

/** Features that are floats, as a network sees them. */
public final class FloatFeatures extends Features {
    private static final long serialVersionUID = 1L;

    private final float[] floats;

    /** Floats, row-major, {@code size × width}. */
    public FloatFeatures(int size, int width, float[] floats) {
        super(size, width);
        requireLength(floats.length);
        this.floats = floats;
    }

    /** Row-major; not a copy, not to be modified. */
    public float[] floats() {
        return floats;
    }

    @Override
    public Form form() {
        return Form.FLOATS;
    }

    @Override
    public long memory() {
        return (long) floats.length * Float.BYTES;
    }

    @Override
    public long entries() {
        long count = 0;
        for (float number : floats) {
            count += number == 0f ? 0 : 1;
        }
        return count;
    }

    @Override
    public float get(int index, int j) {
        return floats[index * width() + j];
    }

    @Override
    public void read(int index, float[] out, int at) {
        System.arraycopy(floats, index * width(), out, at, width());
    }

    @Override
    public Features select(int[] places) {
        float[] some = new float[Math.multiplyExact(places.length, width())];
        for (int i = 0; i < places.length; i++) {
            System.arraycopy(floats, places[i] * width(), some, i * width(), width());
        }
        return new FloatFeatures(places.length, width(), some);
    }

    @Override
    public Features scaled(float[] scale, float[] offset, float[] fill) {
        float[] scaled = new float[floats.length];
        int width = width();
        for (int from = 0; from < floats.length; from += width) {
            for (int j = 0; j < width; j++) {
                float x = floats[from + j];
                scaled[from + j] = ScalarMath.fma(scale[j], Float.isNaN(x) && fill.length > 0 ? fill[j] : x, offset[j]);
            }
        }
        return new FloatFeatures(size(), width, scaled);
    }

    @Override
    public Features dense() {
        return this;
    }

    @Override
    Features joined(List<Features> blocks, int total) {
        float[] all = new float[Math.multiplyExact(total, width())];
        int at = 0;
        for (Features block : blocks) {
            float[] theirs = ((FloatFeatures) block).floats;
            System.arraycopy(theirs, 0, all, at, theirs.length);
            at += theirs.length;
        }
        return new FloatFeatures(total, width(), all);
    }
}

package org.coinflip.model.example;

import java.util.Arrays;
import org.coinflip.model.error.DataException;

/** Takes sparse features, one example after another. Belongs to one thread. */
public final class SparseRows {
    private static final int FIRST = 64;
    /** The longest array there is. */
    private static final int MOST = Integer.MAX_VALUE - 8;

    private final int width;
    private int[] starts = new int[FIRST];
    private int[] indices = new int[FIRST];
    private float[] values = new float[FIRST];
    private int size;
    private int entries;

    /** Of no example yet. */
    public SparseRows(int width) {
        this.width = width;
    }

    /**
     * Adds a feature to the example that is to be {@linkplain #end ended} next, where it is not 0.
     *
     * @param index greater than the one before
     */
    public void add(int index, float value) {
        if (value == 0f) {
            return;
        }
        if (entries == values.length) {
            if (entries == MOST) {
                throw new DataException("features are listed of which more than " + MOST
                        + " are not 0, expected fewer in one shard: prepare the data in more");
            }
            int more = (int) Math.min(2L * entries, MOST);
            indices = Arrays.copyOf(indices, more);
            values = Arrays.copyOf(values, more);
        }
        indices[entries] = index;
        values[entries++] = value;
    }

    /** Ends an example. */
    public void end() {
        if (++size == starts.length) {
            starts = Arrays.copyOf(starts, Math.multiplyExact(2, size));
        }
        starts[size] = entries;
    }

    /** Adds a whole example. */
    public void add(float[] features) {
        for (int j = 0; j < width; j++) {
            add(j, features[j]);
        }
        end();
    }

    /** Entries so far. */
    public int entries() {
        return entries;
    }

    /** All that were taken, scaled when they are read. */
    public SparseFeatures done(float[] scale, float[] offset) {
        return scale == null ? done() : done().withScale(scale, offset);
    }

    /** All that were taken. */
    public SparseFeatures done() {
        return new SparseFeatures(
                width,
                Arrays.copyOf(starts, size + 1),
                Arrays.copyOf(indices, entries),
                Arrays.copyOf(values, entries));
    }
}

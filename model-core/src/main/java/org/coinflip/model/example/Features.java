package org.coinflip.model.example;

import java.io.Serializable;
import java.util.List;
import org.coinflip.model.error.DataException;

/**
 * The features of some examples, each as many. They lie here as bytes, as floats, or as a list of those that are not 0, and bytes and lists become what a network sees only when they are
 * read: {@code x_j = scale_j · v_j + offset_j}, rounded once, so that the three forms of the same numbers give the same bits. Immutable and thread-safe: no array is copied, none is to
 * be modified.
 */
public abstract sealed class Features implements Serializable permits ByteFeatures, FloatFeatures, SparseFeatures {
    private static final long serialVersionUID = 1L;

    /** How features lie in memory and in files. */
    public enum Form {
        /** A byte each, 0 to 255. */
        BYTES,
        /** A float each. */
        FLOATS,
        /** Those that are not 0, each with its place. */
        SPARSE;

        /**
         * Bytes that features take in memory.
         *
         * @param entries how many are not 0, where they are listed
         */
        public long bytes(long examples, long width, long entries) {
            return switch (this) {
                case BYTES -> examples * width;
                case FLOATS -> examples * width * Float.BYTES;
                case SPARSE -> (examples + 1) * Integer.BYTES + entries * SparseFeatures.ENTRY_BYTES;
            };
        }
    }

    private final int size;
    private final int width;

    Features(int size, int width) {
        this.size = size;
        this.width = width;
    }

    /** Refuses an array of another length than {@code size × width}. */
    final void requireLength(int got) {
        if (got != (long) size * width) {
            throw new DataException("examples do not fit together: got " + got + " features, expected " + width
                    + " for each of " + size + " examples");
        }
    }

    /** How many examples there are. */
    public final int size() {
        return size;
    }

    /** Features an example. */
    public final int width() {
        return width;
    }

    /** The factor of each feature; null where features are what they say. */
    public float[] scale() {
        return null;
    }

    /** The value of each feature where it is 0 before scaling; null where features are what they say. */
    public float[] offset() {
        return null;
    }

    /** How they lie here. */
    public abstract Form form();

    /** What they take in memory, but for what all examples share. */
    public abstract long memory();

    /** How many are not 0 before scaling. */
    public abstract long entries();

    /** Feature {@code j} of an example. */
    public abstract float get(int index, int j);

    /** Writes the features of an example from place {@code at} on. */
    public abstract void read(int index, float[] out, int at);

    /** The features of the examples at some places, in their order. */
    public abstract Features select(int[] places);

    /**
     * The same features after {@code x'_j = scale_j · x_j + offset_j}, one rounding. Bytes and lists that were not scaled before stay what they are.
     *
     * @param fill what stands for a feature that is not a number; empty where one stays so
     */
    public abstract Features scaled(float[] scale, float[] offset, float[] fill);

    /**
     * The same with features in another order.
     *
     * @param order the place here of each feature there, each once
     */
    public Features reordered(int[] order) {
        float[] all = new float[Math.multiplyExact(size, width)];
        float[] row = new float[width];
        for (int i = 0; i < size; i++) {
            read(i, row, 0);
            for (int j = 0; j < width; j++) {
                all[i * width + j] = row[order[j]];
            }
        }
        return new FloatFeatures(size, width, all);
    }

    /** The same as floats. */
    public Features dense() {
        float[] all = new float[Math.multiplyExact(size, width)];
        for (int i = 0; i < size; i++) {
            read(i, all, i * width);
        }
        return new FloatFeatures(size, width, all);
    }

    /** The same as a list of those that are not 0. */
    public Features sparse() {
        SparseRows rows = new SparseRows(width);
        float[] row = new float[width];
        for (int i = 0; i < size; i++) {
            read(i, row, 0);
            rows.add(row);
        }
        return rows.done();
    }

    /** Of some blocks of one width, form and scaling, the features of all in order. */
    public static Features concatenate(List<Features> blocks) {
        if (blocks.size() == 1) {
            return blocks.get(0);
        }
        Features first = blocks.get(0);
        for (Features block : blocks) {
            if (block.width != first.width || block.form() != first.form()) {
                throw new DataException("blocks of examples differ: got " + block.width + " features as " + block.form()
                        + " and " + first.width + " as " + first.form() + ", expected all alike");
            }
        }
        return first.joined(blocks, blocks.stream().mapToInt(Features::size).sum());
    }

    /** All blocks, which are of this form; this is the first. */
    abstract Features joined(List<Features> blocks, int total);
}

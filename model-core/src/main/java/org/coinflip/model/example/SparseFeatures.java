package org.coinflip.model.example;

import java.util.Arrays;
import java.util.List;
import org.coinflip.model.error.DataException;
import org.coinflip.model.kernel.operation.ScalarMath;

/**
 * Features of which most are 0, by those that are not (compressed sparse rows): entries {@code starts[i]} to {@code starts[i + 1]} are those of example i. Scaling that gives 0 another value,
 * as centring does, leaves the list as it is, and counts when a batch is made of it.
 */
public final class SparseFeatures extends Features {
    /** What an entry takes: which feature it is, and its value. */
    public static final int ENTRY_BYTES = Integer.BYTES + Float.BYTES;

    private static final long serialVersionUID = 1L;

    private final int[] starts;
    private final int[] indices;
    private final float[] values;
    /** Null where entries are what they say, and all else is 0. */
    private final float[] scale;

    private final float[] offset;

    /**
     * Features that are what they say.
     *
     * @param starts where the entries of each example begin, and at last where those of the last end; length size + 1
     * @param indices of an example's entries, ascending
     * @param values of entries
     * @throws DataException where the arrays do not fit together, or indices do not ascend from 0 to width − 1
     */
    public SparseFeatures(int width, int[] starts, int[] indices, float[] values) {
        this(width, starts, indices, values, null, null);
        boolean ascends = starts[0] == 0;
        for (int i = 0; i < size(); i++) {
            ascends &= starts[i] <= starts[i + 1];
        }
        if (!ascends || starts[size()] != values.length || indices.length != values.length) {
            throw new DataException("sparse features do not fit together: got " + indices.length + " indices and "
                    + values.length + " values, expected " + starts[size()] + " of each");
        }
        for (int i = 0; i < size(); i++) {
            for (int k = starts[i]; k < starts[i + 1]; k++) {
                if (indices[k] < (k == starts[i] ? 0 : indices[k - 1] + 1) || indices[k] >= width) {
                    throw new DataException("example " + i + " of a block has the index " + indices[k]
                            + ", expected indices that ascend, from 0 to " + (width - 1));
                }
            }
        }
    }

    private SparseFeatures(int width, int[] starts, int[] indices, float[] values, float[] scale, float[] offset) {
        super(starts.length - 1, width);
        this.starts = starts;
        this.indices = indices;
        this.values = values;
        this.scale = scale;
        this.offset = offset;
    }

    /**
     * Whether listing pays: it takes at most half the memory of a float for every feature.
     *
     * @param entries features that are not 0
     * @param features all of them
     */
    public static boolean pays(long entries, long features) {
        return 2 * ENTRY_BYTES * entries <= Float.BYTES * features;
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
    public long entries() {
        return values.length;
    }

    /** The first entry of an example, which is one past the last of the one before. */
    public int start(int index) {
        return starts[index];
    }

    /** Which feature an entry is. */
    public int index(int entry) {
        return indices[entry];
    }

    /** What an entry is before scaling. */
    public float listed(int entry) {
        return values[entry];
    }

    /** What an entry is. */
    public float value(int entry) {
        return scale == null
                ? values[entry]
                : ScalarMath.fma(scale[indices[entry]], values[entry], offset[indices[entry]]);
    }

    /** {@code scale · 0 + offset}: the summands themselves, but for a −0. */
    private static float[] unlisted(float[] factors, float[] summands) {
        float[] zeros = summands;
        for (int j = 0; factors != null && j < zeros.length; j++) {
            float zero = ScalarMath.fma(factors[j], 0f, summands[j]);
            if (Float.floatToRawIntBits(zero) != Float.floatToRawIntBits(summands[j])) {
                zeros = zeros == summands ? summands.clone() : zeros;
                zeros[j] = zero;
            }
        }
        return zeros;
    }

    @Override
    public Form form() {
        return Form.SPARSE;
    }

    @Override
    public long memory() {
        return (long) starts.length * Integer.BYTES + (long) values.length * ENTRY_BYTES;
    }

    @Override
    public float get(int index, int j) {
        int entry = Arrays.binarySearch(indices, starts[index], starts[index + 1], j);
        return entry >= 0 ? value(entry) : offset == null ? 0f : offset[j];
    }

    @Override
    public void read(int index, float[] out, int at) {
        if (offset == null) {
            Arrays.fill(out, at, at + width(), 0f);
        } else {
            System.arraycopy(offset, 0, out, at, width());
        }
        for (int k = starts[index]; k < starts[index + 1]; k++) {
            out[at + indices[k]] = value(k);
        }
    }

    @Override
    public Features select(int[] places) {
        int[] theirs = new int[places.length + 1];
        for (int i = 0; i < places.length; i++) {
            theirs[i + 1] = Math.addExact(theirs[i], starts[places[i] + 1] - starts[places[i]]);
        }
        int[] someIndices = new int[theirs[places.length]];
        float[] someValues = new float[theirs[places.length]];
        for (int i = 0; i < places.length; i++) {
            int count = theirs[i + 1] - theirs[i];
            System.arraycopy(indices, starts[places[i]], someIndices, theirs[i], count);
            System.arraycopy(values, starts[places[i]], someValues, theirs[i], count);
        }
        return new SparseFeatures(width(), theirs, someIndices, someValues, scale, offset);
    }

    @Override
    public Features scaled(float[] factors, float[] summands, float[] fill) {
        if (scale != null) {
            return dense().scaled(factors, summands, fill);
        }
        float[] filled = values;
        if (fill.length > 0) {
            filled = values.clone();
            for (int k = 0; k < filled.length; k++) {
                filled[k] = Float.isNaN(filled[k]) ? fill[indices[k]] : filled[k];
            }
        }
        return new SparseFeatures(width(), starts, indices, filled, factors, unlisted(factors, summands));
    }

    /** The same entries, scaled when they are read. */
    SparseFeatures withScale(float[] factors, float[] summands) {
        return new SparseFeatures(width(), starts, indices, values, factors, unlisted(factors, summands));
    }

    @Override
    public Features reordered(int[] order) {
        int[] there = new int[width()];
        for (int j = 0; j < order.length; j++) {
            there[order[j]] = j;
        }
        int[] theirs = new int[indices.length];
        float[] moved = new float[indices.length];
        for (int i = 0; i < size(); i++) {
            int from = starts[i];
            long[] sorted = new long[starts[i + 1] - from];
            for (int k = 0; k < sorted.length; k++) {
                sorted[k] = (long) there[indices[from + k]] << Integer.SIZE | k;
            }
            Arrays.sort(sorted);
            for (int k = 0; k < sorted.length; k++) {
                theirs[from + k] = (int) (sorted[k] >> Integer.SIZE);
                moved[from + k] = values[from + (int) sorted[k]];
            }
        }
        return new SparseFeatures(width(), starts, theirs, moved, null, null);
    }

    @Override
    public Features sparse() {
        return this;
    }

    @Override
    Features joined(List<Features> blocks, int total) {
        int entries = 0;
        for (Features block : blocks) {
            entries = Math.addExact(entries, ((SparseFeatures) block).values.length);
        }
        int[] allStarts = new int[total + 1];
        int[] allIndices = new int[entries];
        float[] allValues = new float[entries];
        int row = 0;
        int at = 0;
        for (Features block : blocks) {
            SparseFeatures theirs = (SparseFeatures) block;
            int count = theirs.values.length;
            System.arraycopy(theirs.indices, 0, allIndices, at, count);
            System.arraycopy(theirs.values, 0, allValues, at, count);
            for (int i = 0; i < theirs.size(); i++) {
                allStarts[row + i] = at + theirs.starts[i];
            }
            row += theirs.size();
            at += count;
        }
        allStarts[total] = at;
        return new SparseFeatures(width(), allStarts, allIndices, allValues, scale, offset);
    }
}

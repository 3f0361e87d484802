package org.coinflip.data.source;

import java.util.Arrays;
import org.coinflip.model.error.DataException;
import org.coinflip.model.transform.RawFeatures;

/**
 * Examples as a source has them, before splitting and scaling. Features are bytes in [0, {@link #byteMaximum}] or finite
 * floats. Immutable: no array is copied, none is to be modified. The ids are {@code firstId, firstId + 1, …} in the source's order.
 */
public final class RawExamples implements RawFeatures {
    private final int width;
    private final long firstId;
    private final int[] labels;
    private final byte[] bytes;
    private final int byteMaximum;
    private final float[] floats;

    private RawExamples(int width, long firstId, int[] labels, byte[] bytes, int byteMaximum, float[] floats) {
        this.width = width;
        this.firstId = firstId;
        this.labels = labels;
        this.bytes = bytes;
        this.byteMaximum = byteMaximum;
        this.floats = floats;
        long features = bytes != null ? bytes.length : floats.length;
        if (features != (long) labels.length * width) {
            throw new IllegalArgumentException(
                    "got " + features + " features, expected " + width + " for each of " + labels.length + " examples");
        }
    }

    /**
     * Examples whose features are bytes.
     *
     * @param width features an example
     * @param firstId id of the first example
     * @param labels a label each, or {@link org.coinflip.model.example.Examples#UNLABELLED} for every one
     * @param bytes row-major, {@code labels.length × width}
     * @param byteMaximum the greatest value a byte of this source may have: unit scaling maps it to 1
     * @param path the source, for messages
     */
    public static RawExamples ofBytes(
            int width, long firstId, int[] labels, byte[] bytes, int byteMaximum, String path) {
        for (int i = 0; i < bytes.length; i++) {
            if ((bytes[i] & 0xFF) > byteMaximum) {
                throw new DataException(path + ": example " + i / width + " has the byte " + (bytes[i] & 0xFF)
                        + ", expected 0 to " + byteMaximum + ": give the file that its source says, or fetch it again");
            }
        }
        return new RawExamples(width, firstId, labels, bytes, byteMaximum, null);
    }

    /** Examples whose features are finite floats, row-major, {@code labels.length × width}. */
    public static RawExamples ofFloats(int width, long firstId, int[] labels, float[] floats) {
        return new RawExamples(width, firstId, labels, null, 0, floats);
    }

    /**
     * The same examples with their features in another order.
     *
     * @param order the place here of each feature there
     */
    public RawExamples reordered(int[] order) {
        float[] reordered = new float[floats.length];
        for (int start = 0; start < floats.length; start += width) {
            for (int j = 0; j < width; j++) {
                reordered[start + j] = floats[start + order[j]];
            }
        }
        return ofFloats(width, firstId, labels, reordered);
    }

    /**
     * The same examples with other labels.
     *
     * @param labelOf the label there of each label here
     */
    public RawExamples relabelled(int[] labelOf) {
        int[] others = Arrays.stream(labels).map(label -> labelOf[label]).toArray();
        return new RawExamples(width, firstId, others, bytes, byteMaximum, floats);
    }

    /** The greatest label, -1 where there are none. */
    public int greatestLabel() {
        return Arrays.stream(labels).max().orElse(-1);
    }

    /** The labels that there are, ascending. */
    int[] distinctLabels() {
        return Arrays.stream(labels).sorted().distinct().toArray();
    }

    @Override
    public int size() {
        return labels.length;
    }

    /** Features an example. */
    @Override
    public int width() {
        return width;
    }

    @Override
    public long id(int index) {
        return firstId + index;
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public boolean areBytes() {
        return bytes != null;
    }

    /** The value that unit scaling maps to 1; 0 where features are floats. */
    public int byteMaximum() {
        return byteMaximum;
    }

    /** Feature {@code j} of an example, as the source has it. */
    @Override
    public float feature(int index, int j) {
        return bytes != null ? bytes[index * width + j] & 0xFF : floats[index * width + j];
    }

    /** The bytes, row-major; not a copy, not to be modified. Null where features are floats. */
    @Override
    public byte[] bytes() {
        return bytes;
    }
}

package org.coinflip.data.raw;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.coinflip.model.error.DataException;
import org.coinflip.model.transform.RawFeatures;

/**
 * Examples as a source has them, before splitting and scaling. Features are bytes in [0, {@link #byteMaximum}] or finite
 * floats, not a number where the source has no value. Immutable: no array is copied, none is to be modified. The ids ascend: {@code firstId, firstId + 1, …} in the source's order,
 * or the source's own.
 */
public final class RawExamples implements RawFeatures, Serializable {
    private static final long serialVersionUID = 1L;

    private final int width;
    private final long firstId;
    /** Null where they count up. */
    private final long[] ids;

    private final int[] labels;
    private final byte[] bytes;
    private final int byteMaximum;
    private final float[] floats;
    /** What regression is held to; null where labels are of classes. */
    private final float[] values;
    /** Null where all are 1. */
    private final float[] weights;

    private RawExamples(
            int width,
            long firstId,
            long[] ids,
            int[] labels,
            byte[] bytes,
            int byteMaximum,
            float[] floats,
            float[] values,
            float[] weights) {
        this.width = width;
        this.firstId = firstId;
        this.ids = ids;
        this.values = values;
        this.weights = weights;
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
        return new RawExamples(width, firstId, null, labels, bytes, byteMaximum, null, null, null);
    }

    /** Examples whose features are finite floats, row-major, {@code labels.length × width}. */
    public static RawExamples ofFloats(int width, long firstId, int[] labels, float[] floats) {
        return new RawExamples(width, firstId, null, labels, null, 0, floats, null, null);
    }

    /** The same examples with what regression is held to, a finite number for each. */
    public RawExamples withValues(float[] numbers) {
        return new RawExamples(width, firstId, ids, labels, bytes, byteMaximum, floats, numbers, weights);
    }

    /** The same examples with weights, a finite one of at least 0 for each. */
    public RawExamples withWeights(float[] numbers) {
        return new RawExamples(width, firstId, ids, labels, bytes, byteMaximum, floats, values, numbers);
    }

    /** The same examples with ids of their own; in another than ascending order they are a block that is to be {@linkplain #merged merged}. */
    public RawExamples withIds(long[] own) {
        return new RawExamples(width, 0, own, labels, bytes, byteMaximum, floats, values, weights);
    }

    /** The examples at some places, with their ids, in ascending order of those; of floats. */
    public RawExamples select(int[] places) {
        int[] order = Order.isAscending(places.length, i -> id(places[i]))
                ? places
                : Arrays.stream(Order.ascending(places.length, i -> id(places[i])))
                        .map(i -> places[i])
                        .toArray();
        long[] theirs = new long[order.length];
        int[] some = new int[order.length];
        float[] features = new float[Math.multiplyExact(order.length, width)];
        for (int i = 0; i < order.length; i++) {
            theirs[i] = id(order[i]);
            some[i] = labels[order[i]];
            System.arraycopy(floats, order[i] * width, features, i * width, width);
        }
        RawExamples selected = ofFloats(width, 0, some, features).withIds(theirs);
        selected = values == null ? selected : selected.withValues(at(order, values));
        return weights == null ? selected : selected.withWeights(weights(order));
    }

    /**
     * The examples of some blocks, in ascending order of their ids, which all differ.
     *
     * @param blocks of floats, of one width, all with weights or all without
     */
    public static RawExamples merged(List<RawExamples> blocks) {
        int size = blocks.stream().mapToInt(RawExamples::size).sum();
        int width = blocks.get(0).width;
        long[] ids = new long[size];
        int[] labels = new int[size];
        float[] features = new float[Math.multiplyExact(size, width)];
        float[] values = blocks.get(0).values == null ? null : new float[size];
        float[] weights = blocks.get(0).weights == null ? null : new float[size];
        int at = 0;
        for (RawExamples block : blocks) {
            for (int i = 0; i < block.size(); i++) {
                ids[at + i] = block.id(i);
            }
            System.arraycopy(block.labels, 0, labels, at, block.size());
            System.arraycopy(block.floats, 0, features, at * width, block.floats.length);
            if (values != null) {
                System.arraycopy(block.values, 0, values, at, block.size());
            }
            if (weights != null) {
                System.arraycopy(block.weights, 0, weights, at, block.size());
            }
            at += block.size();
        }
        RawExamples all = ofFloats(width, 0, labels, features).withIds(ids);
        all = values == null ? all : all.withValues(values);
        all = weights == null ? all : all.withWeights(weights);
        return Order.isAscending(size, i -> ids[i])
                ? all
                : all.select(IntStream.range(0, size).toArray());
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
        return new RawExamples(width, firstId, ids, labels, bytes, byteMaximum, reordered, values, weights);
    }

    /**
     * The same examples with other labels.
     *
     * @param labelOf the label there of each label here
     */
    public RawExamples relabelled(int[] labelOf) {
        int[] others = Arrays.stream(labels).map(label -> labelOf[label]).toArray();
        return new RawExamples(width, firstId, ids, others, bytes, byteMaximum, floats, values, weights);
    }

    /** The greatest label, -1 where there are none. */
    public int greatestLabel() {
        return Arrays.stream(labels).max().orElse(-1);
    }

    /** The labels that there are, ascending. */
    public int[] distinctLabels() {
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
        return ids == null ? firstId + index : ids[index];
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public boolean areWeighted() {
        return weights != null;
    }

    @Override
    public float[] weights(int[] places) {
        return at(places, weights);
    }

    @Override
    public boolean areValued() {
        return values != null;
    }

    @Override
    public float[] values(int[] places) {
        return at(places, values);
    }

    private static float[] at(int[] places, float[] numbers) {
        float[] some = new float[places.length];
        for (int i = 0; i < some.length; i++) {
            some[i] = numbers[places[i]];
        }
        return some;
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

package org.coinflip.data.raw;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.ByteFeatures;
import org.coinflip.model.example.Features;
import org.coinflip.model.example.FloatFeatures;
import org.coinflip.model.transform.RawFeatures;

/**
 * Examples as a source has them, before splitting and scaling. Features are bytes in [0, {@link #byteMaximum}], finite
 * floats, or a list of those that are not 0; not a number where the source has no value. Immutable: no array is copied, none is to be modified. The ids ascend: {@code firstId, firstId + 1, …} in the source's order,
 * or the source's own.
 */
public final class RawExamples implements RawFeatures, Serializable {
    private static final long serialVersionUID = 1L;

    private final Features features;
    private final int byteMaximum;
    private final long firstId;
    /** Null where they count up. */
    private final long[] ids;

    private final int[] labels;
    /** Values an example; 0 where labels are of classes. */
    private final int targets;
    /** What outputs are held to, row-major; null where labels are of classes. */
    private final float[] values;
    /** Null where all are 1. */
    private final float[] weights;

    private RawExamples(
            Features features,
            int byteMaximum,
            long firstId,
            long[] ids,
            int[] labels,
            int targets,
            float[] values,
            float[] weights) {
        this.features = features;
        this.byteMaximum = byteMaximum;
        this.firstId = firstId;
        this.ids = ids;
        this.targets = targets;
        this.values = values;
        this.weights = weights;
        this.labels = labels;
        if (features.size() != labels.length) {
            throw new IllegalArgumentException("got features of " + features.size() + " examples, expected "
                    + labels.length + " as there are labels");
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
        return new RawExamples(
                new ByteFeatures(labels.length, width, bytes), byteMaximum, firstId, null, labels, 0, null, null);
    }

    /** Examples whose features are finite floats, row-major, {@code labels.length × width}. */
    public static RawExamples ofFloats(int width, long firstId, int[] labels, float[] floats) {
        return of(new FloatFeatures(labels.length, width, floats), firstId, labels);
    }

    /** Examples whose features are finite and no bytes, of as many examples as there are labels. */
    public static RawExamples of(Features features, long firstId, int[] labels) {
        return new RawExamples(features, 0, firstId, null, labels, 0, null, null);
    }

    /**
     * The same examples with what outputs are held to.
     *
     * @param each values an example, at least 1
     * @param numbers finite, row-major
     */
    public RawExamples withValues(int each, float[] numbers) {
        return new RawExamples(features, byteMaximum, firstId, ids, labels, each, numbers, weights);
    }

    /** The same examples with weights, a finite one of at least 0 for each. */
    public RawExamples withWeights(float[] numbers) {
        return new RawExamples(features, byteMaximum, firstId, ids, labels, targets, values, numbers);
    }

    /** The same examples with ids of their own; in another than ascending order they are a block that is to be {@linkplain #merged merged}. */
    public RawExamples withIds(long[] own) {
        return new RawExamples(features, byteMaximum, 0, own, labels, targets, values, weights);
    }

    /** The examples at some places, with their ids, in ascending order of those. */
    public RawExamples select(int[] places) {
        int[] order = Order.isAscending(places.length, i -> id(places[i]))
                ? places
                : Arrays.stream(Order.ascending(places.length, i -> id(places[i])))
                        .map(i -> places[i])
                        .toArray();
        long[] theirs = new long[order.length];
        int[] some = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            theirs[i] = id(order[i]);
            some[i] = labels[order[i]];
        }
        return new RawExamples(
                features.select(order),
                byteMaximum,
                0,
                theirs,
                some,
                targets,
                values == null ? null : values(order),
                weights == null ? null : weights(order));
    }

    /**
     * The examples of some blocks, in ascending order of their ids, which all differ.
     *
     * @param blocks of one width and form, all with weights or all without
     */
    public static RawExamples merged(List<RawExamples> blocks) {
        int size = blocks.stream().mapToInt(RawExamples::size).sum();
        long[] ids = new long[size];
        int[] labels = new int[size];
        int targets = blocks.get(0).targets;
        float[] values = targets == 0 ? null : new float[Math.multiplyExact(size, targets)];
        float[] weights = blocks.get(0).weights == null ? null : new float[size];
        int at = 0;
        for (RawExamples block : blocks) {
            for (int i = 0; i < block.size(); i++) {
                ids[at + i] = block.id(i);
            }
            System.arraycopy(block.labels, 0, labels, at, block.size());
            if (values != null) {
                System.arraycopy(block.values, 0, values, at * targets, block.values.length);
            }
            if (weights != null) {
                System.arraycopy(block.weights, 0, weights, at, block.size());
            }
            at += block.size();
        }
        Features features = Features.concatenate(
                blocks.stream().map(block -> block.features).toList());
        RawExamples all =
                new RawExamples(features, blocks.get(0).byteMaximum, 0, ids, labels, targets, values, weights);
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
        return new RawExamples(features.reordered(order), byteMaximum, firstId, ids, labels, targets, values, weights);
    }

    /**
     * The same examples with other labels.
     *
     * @param labelOf the label there of each label here
     */
    public RawExamples relabelled(int[] labelOf) {
        int[] others = Arrays.stream(labels).map(label -> labelOf[label]).toArray();
        return new RawExamples(features, byteMaximum, firstId, ids, others, targets, values, weights);
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
    public Features features() {
        return features;
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
        return at(places, weights, 1);
    }

    @Override
    public int targets() {
        return targets;
    }

    @Override
    public float[] values(int[] places) {
        return at(places, values, targets);
    }

    private static float[] at(int[] places, float[] numbers, int each) {
        float[] some = new float[places.length * each];
        for (int i = 0; i < places.length; i++) {
            System.arraycopy(numbers, places[i] * each, some, i * each, each);
        }
        return some;
    }

    /** The value that unit scaling maps to 1; 0 where features are no bytes. */
    public int byteMaximum() {
        return byteMaximum;
    }
}

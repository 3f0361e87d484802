package org.coinflip.model.example;

import java.util.Arrays;
import java.util.List;
import org.coinflip.model.error.DataException;

/**
 * An immutable block of examples, all labelled with classes, or all with values, as many each, or all with neither. What their {@link Features} are is seen only when a batch is gathered.
 *
 * <p>Examples may have weights, w: the gradient of a batch of n is {@code 1/n Σ_i w_i g_i}, so that in expectation an example of weight w counts
 * as w of weight 1. Weights of mean 1 leave the step size as it is.
 *
 * <p>Thread-safe: nothing is modified after construction, and no array is copied.
 */
public final class Examples implements ExampleStore {
    /** The label of an example that has none. In a block every example has a label, or none has. */
    public static final int UNLABELLED = -1;

    private static final long serialVersionUID = 1L;

    private final int classes;
    private final long[] ids;
    private final int[] labels;
    private final Features features;
    /** Values an example. */
    private final int targets;
    /** What outputs are held to, row-major, size × targets; null where examples have no values. */
    private final float[] values;
    /** Null where all are 1. */
    private final float[] weights;

    private Examples(
            int classes, long[] ids, int[] labels, Features features, int targets, float[] values, float[] weights) {
        this.targets = targets;
        this.classes = classes;
        this.ids = ids;
        this.labels = labels;
        this.features = features;
        this.values = values;
        this.weights = weights;
        checkNumbers(values, targets, "value", Float.NEGATIVE_INFINITY);
        checkNumbers(weights, 1, "weight", 0f);
        if (labels.length != ids.length || features.size() != ids.length) {
            throw new DataException("examples do not fit together: got " + ids.length + " ids, " + labels.length
                    + " labels, and features of " + features.size() + ", expected as many of each");
        }
        for (int i = 0; i < labels.length; i++) {
            if (isLabelled() ? labels[i] < 0 || labels[i] >= classes : labels[i] != UNLABELLED) {
                throw new DataException("example " + ids[i] + " has label " + labels[i] + ", expected 0 to "
                        + (classes - 1) + ": correct the labels or the number of classes");
            }
        }
    }

    private void checkNumbers(float[] numbers, int each, String what, float least) {
        if (numbers == null) {
            return;
        }
        if (each < 1 || numbers.length != (long) ids.length * each) {
            throw new DataException("got " + ids.length + " examples and " + numbers.length + " " + what
                    + "s, expected " + (each == 1 ? "as many: give a " + what : each + " each: give them")
                    + " for every example");
        }
        for (int i = 0; i < numbers.length; i++) {
            if (!Float.isFinite(numbers[i]) || numbers[i] < least) {
                throw new DataException(
                        "example " + ids[i / each] + " has " + what + " " + numbers[i] + ", expected a finite number"
                                + (least == 0f ? " of at least 0" : "") + ": leave the example out, or fill it in");
            }
        }
    }

    /**
     * Examples of classes.
     *
     * @param features of as many examples as there are ids, in any form
     * @param classes number of classes; labels are 0 … classes − 1
     * @param ids stable example ids
     * @param labels a label for each id, or {@link #UNLABELLED} for every one
     */
    public static Examples of(Features features, int classes, long[] ids, int[] labels) {
        return new Examples(classes, ids, labels, features, 0, null, null);
    }

    /**
     * Examples whose features are bytes.
     *
     * @param width features an example
     * @param classes number of classes; labels are 0 … classes − 1
     * @param ids stable example ids
     * @param labels a label for each id, or {@link #UNLABELLED} for every one
     * @param bytes row-major, {@code ids.length × width}
     * @param scale factor of each feature, length {@code width}
     * @param offset value of each feature at byte 0, length {@code width}
     */
    public static Examples ofBytes(
            int width, int classes, long[] ids, int[] labels, byte[] bytes, float[] scale, float[] offset) {
        return of(new ByteFeatures(ids.length, width, bytes, scale, offset), classes, ids, labels);
    }

    /** Examples whose features are floats, row-major, {@code ids.length × width}. */
    public static Examples ofFloats(int width, int classes, long[] ids, int[] labels, float[] floats) {
        return of(new FloatFeatures(ids.length, width, floats), classes, ids, labels);
    }

    /**
     * Labelled examples from arrays, which are copied. Their ids are 0, 1, …
     *
     * @param features a row an example, all of one length, finite
     * @param labels the class of each, 0 and up; there are as many classes as the greatest label says
     */
    public static Examples of(float[][] features, int[] labels) {
        if (features.length != labels.length) {
            throw new DataException("got " + features.length + " examples and " + labels.length
                    + " labels, expected as many: give a label for every example");
        }
        int most = 0;
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0) {
                throw new DataException("example " + i + " has label " + labels[i]
                        + ", expected 0 and up: number the classes from 0, or give no labels at all");
            }
            most = Math.max(most, labels[i]);
        }
        return ofFloats(width(features), most + 1, idsTo(features.length), labels.clone(), row(features));
    }

    /**
     * Examples without labels from arrays, which are copied. Their ids are 0, 1, …
     *
     * @param features a row an example, all of one length, finite
     */
    public static Examples of(float[][] features) {
        int[] labels = new int[features.length];
        Arrays.fill(labels, UNLABELLED);
        return ofFloats(width(features), 1, idsTo(features.length), labels, row(features));
    }

    /**
     * Examples for regression from arrays, which are copied. Their ids are 0, 1, …
     *
     * @param features a row an example, all of one length, finite
     * @param values what the network's output is to be, finite
     */
    public static Examples of(float[][] features, float[] values) {
        return of(features).withValues(values.clone());
    }

    /**
     * Examples with several values each from arrays, which are copied. Their ids are 0, 1, …
     *
     * @param features a row an example, all of one length, finite
     * @param values what the network's outputs are to be, a row an example, all of one length, finite
     */
    public static Examples of(float[][] features, float[][] values) {
        Examples examples = of(features);
        if (values.length != features.length) {
            throw new DataException("got " + features.length + " examples and " + values.length
                    + " rows of values, expected as many: give values for every example");
        }
        return examples.withValues(values[0].length, row(values));
    }

    /**
     * The same examples with a value each for labels; they are then of no classes.
     *
     * @param numbers one for each, finite; not copied, not to be modified
     */
    public Examples withValues(float[] numbers) {
        return withValues(1, numbers);
    }

    /**
     * The same examples with several values each for labels; they are then of no classes.
     *
     * @param each how many, at least 1
     * @param numbers row-major, size × each, finite; not copied, not to be modified
     */
    public Examples withValues(int each, float[] numbers) {
        int[] none = new int[ids.length];
        Arrays.fill(none, UNLABELLED);
        return new Examples(0, ids, none, features, each, numbers, weights);
    }

    /**
     * The same examples with weights.
     *
     * @param numbers one for each, finite, at least 0; not copied, not to be modified
     */
    public Examples withWeights(float[] numbers) {
        return new Examples(classes, ids, labels, features, targets, values, numbers);
    }

    private static int width(float[][] features) {
        if (features.length == 0) {
            throw new DataException("got no examples, expected at least one");
        }
        return features[0].length;
    }

    private static long[] idsTo(int count) {
        long[] ids = new long[count];
        Arrays.setAll(ids, i -> i);
        return ids;
    }

    private static float[] row(float[][] features) {
        int width = features[0].length;
        float[] all = new float[Math.multiplyExact(features.length, width)];
        for (int i = 0; i < features.length; i++) {
            if (features[i].length != width) {
                throw new DataException("example " + i + " has " + features[i].length + " features, expected " + width
                        + " as the first has: give rows of one length");
            }
            for (int j = 0; j < width; j++) {
                if (!Float.isFinite(features[i][j])) {
                    throw new DataException("example " + i + " has " + features[i][j] + " for feature " + j
                            + ", expected a finite number: leave the example out or fill in what is missing");
                }
            }
            System.arraycopy(features[i], 0, all, i * width, width);
        }
        return all;
    }

    /**
     * The same examples, told that there are more classes than they show.
     *
     * @param count at least as many as the labels say
     */
    public Examples withClasses(int count) {
        return count == classes ? this : new Examples(count, ids, labels, features, targets, values, weights);
    }

    @Override
    public int size() {
        return ids.length;
    }

    /** All examples: this. Places are left as they are. */
    @Override
    public Examples bring(int[] places, int count) {
        return this;
    }

    /** Features an example. */
    public int width() {
        return features.width();
    }

    public int classes() {
        return classes;
    }

    public long id(int index) {
        return ids[index];
    }

    public int label(int index) {
        return labels[index];
    }

    /** Whether the examples have labels. */
    public boolean isLabelled() {
        return labels.length == 0 || labels[0] != UNLABELLED;
    }

    /** Whether the examples have values. */
    public boolean areValued() {
        return values != null;
    }

    /** Values an example; 0 where examples have none. */
    public int targets() {
        return targets;
    }

    /** Value {@code j} of an example, of {@link #targets}. */
    public float value(int index, int j) {
        return values[index * targets + j];
    }

    /** Whether the examples have weights. */
    public boolean areWeighted() {
        return weights != null;
    }

    /** What an example counts; 1 where examples have no weights. */
    public float weight(int index) {
        return weights == null ? 1f : weights[index];
    }

    /** Their features. */
    public Features features() {
        return features;
    }

    /** Feature {@code j} of an example as the network sees it. */
    public float feature(int index, int j) {
        return features.get(index, j);
    }

    /** The examples at the given places, in the given order. */
    public Examples select(int[] places) {
        long[] someIds = new long[places.length];
        int[] someLabels = new int[places.length];
        for (int i = 0; i < places.length; i++) {
            someIds[i] = ids[places[i]];
            someLabels[i] = labels[places[i]];
        }
        return new Examples(
                classes,
                someIds,
                someLabels,
                features.select(places),
                targets,
                selected(values, targets, places),
                selected(weights, 1, places));
    }

    private static float[] selected(float[] numbers, int each, int[] places) {
        if (numbers == null) {
            return null;
        }
        float[] some = new float[places.length * each];
        for (int i = 0; i < places.length; i++) {
            System.arraycopy(numbers, places[i] * each, some, i * each, each);
        }
        return some;
    }

    /** The examples of all blocks, in order. All must have the same width, classes and form of features, and all or none values and weights. */
    public static Examples concatenate(List<Examples> blocks) {
        Examples first = blocks.get(0);
        int total = blocks.stream().mapToInt(Examples::size).sum();
        long[] ids = new long[total];
        int[] labels = new int[total];
        float[] values = first.values == null ? null : new float[Math.multiplyExact(total, first.targets)];
        float[] weights = first.weights == null ? null : new float[total];
        int at = 0;
        for (Examples block : blocks) {
            if (block.targets != first.targets || block.areWeighted() != first.areWeighted()) {
                throw new DataException("blocks of examples differ: got some with values or weights and some without,"
                        + " or with more of them, expected all alike");
            }
            if (block.classes != first.classes) {
                throw new DataException("blocks of examples differ: got " + block.classes + " classes and "
                        + first.classes + ", expected all alike");
            }
            System.arraycopy(block.ids, 0, ids, at, block.size());
            System.arraycopy(block.labels, 0, labels, at, block.size());
            if (values != null) {
                System.arraycopy(block.values, 0, values, at * first.targets, block.values.length);
            }
            if (weights != null) {
                System.arraycopy(block.weights, 0, weights, at, block.size());
            }
            at += block.size();
        }
        Features all = Features.concatenate(
                blocks.stream().map(block -> block.features).toList());
        return new Examples(first.classes, ids, labels, all, first.targets, values, weights);
    }

    /** The examples in ascending order of id: the canonical order, whatever partition they came from. */
    public Examples sortedById() {
        Integer[] order = new Integer[size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, java.util.Comparator.comparingLong(i -> ids[i]));
        return select(Arrays.stream(order).mapToInt(Integer::intValue).toArray());
    }
}

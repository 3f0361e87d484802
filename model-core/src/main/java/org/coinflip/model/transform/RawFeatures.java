package org.coinflip.model.transform;

/** Examples as a source has them, before a {@link Transformation}. Immutable. */
public interface RawFeatures {
    /** Number of examples. */
    int size();

    /** Features an example. */
    int width();

    /** The stable id of an example. */
    long id(int index);

    /** The label as the source has it, or {@link org.coinflip.model.example.Examples#UNLABELLED}. */
    int label(int index);

    /** Feature {@code j} of an example, as the source has it; not a number where it has none. */
    float feature(int index, int j);

    /** Whether the examples have values, for regression, in the place of labels. */
    default boolean areValued() {
        return false;
    }

    /** The values of some examples, where they have values. */
    default float[] values(int[] places) {
        throw new IllegalStateException("got examples without values");
    }

    /** Whether the examples have weights. */
    default boolean areWeighted() {
        return false;
    }

    /** The weights of some examples, where they have weights. */
    default float[] weights(int[] places) {
        throw new IllegalStateException("got examples without weights");
    }

    /** Whether features are bytes. */
    boolean areBytes();

    /** The bytes, row-major; not a copy, not to be modified. Null where features are floats. */
    byte[] bytes();
}

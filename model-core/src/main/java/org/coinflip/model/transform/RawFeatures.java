package org.coinflip.model.transform;

import org.coinflip.model.example.Features;

/** Examples as a source has them, before a {@link Transformation}. Immutable. */
public interface RawFeatures {
    /** Number of examples. */
    default int size() {
        return features().size();
    }

    /** Features an example. */
    default int width() {
        return features().width();
    }

    /** The stable id of an example. */
    long id(int index);

    /** The label as the source has it, or {@link org.coinflip.model.example.Examples#UNLABELLED}. */
    int label(int index);

    /** The features as the source has them; not a number where it has none. */
    Features features();

    /** Feature {@code j} of an example, as the source has it; not a number where it has none. */
    default float feature(int index, int j) {
        return features().get(index, j);
    }

    /** Values an example, in the place of labels; 0 where examples have none. */
    default int targets() {
        return 0;
    }

    /** The values of some examples, row-major, where they have values. */
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
}

package org.coinflip.data.raw;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What examples are split by instead of their ids alone: a number of 64 bits for each.
 *
 * @param kind what it says
 * @param keys in the order of the examples; not copied, not to be modified
 */
public record SplitKeys(Kind kind, long[] keys) implements Serializable {
    /** What a column says of the split. */
    public enum Kind {
        /** The split itself: {@link #TRAIN}, {@link #VALID}, {@link #TEST}. */
        COLUMN,
        /** The group of an example, whose examples are all in one split. */
        GROUP,
        /** The time of an example: the latest are tested on. */
        TIME
    }

    public static final long TRAIN = 0;
    public static final long VALID = 1;
    public static final long TEST = 2;

    /** The keys of the examples at some places, in their order. */
    public SplitKeys at(int[] places) {
        return new SplitKeys(
                kind, Arrays.stream(places).mapToLong(place -> keys[place]).toArray());
    }
}

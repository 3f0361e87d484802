package org.coinflip.data;

import java.io.Serializable;
import org.coinflip.model.example.Examples;

/**
 * A part of a split, in ascending order of ids, that can be sent to another machine and read there. Shards of a split share no
 * example. Immutable.
 */
public interface ExampleShard extends Serializable {
    /** Number of examples, known without reading. */
    int size();

    /** Whether features are bytes, known without reading; otherwise they are floats. */
    boolean areBytes();

    /** Whether examples have values, for regression, known without reading. */
    default boolean areValued() {
        return false;
    }

    /** Whether examples have weights, known without reading. */
    default boolean areWeighted() {
        return false;
    }

    /** Bytes, but for a few, that travel with this shard and with no other. */
    default long ownBytes() {
        return 0;
    }

    /** Bytes, but for a few, that travel once with any number of shards of this split. */
    default long sharedBytes() {
        return 0;
    }

    /**
     * The examples, scaled and binarised.
     *
     * @throws org.coinflip.model.error.DataException where a file is missing, damaged or has another number of examples
     */
    Examples read();
}

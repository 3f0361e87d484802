package org.coinflip.data;

import java.io.Serializable;
import org.coinflip.data.parquet.ExampleSchema;
import org.coinflip.model.example.Examples;

/**
 * A part of a split, in ascending order of ids, that can be sent to another machine and read there. Shards of a split share no
 * example. Immutable.
 */
public interface ExampleShard extends Serializable {
    /** Number of examples, known without reading. */
    int size();

    /** What its examples have, known without reading. */
    ExampleSchema schema();

    /** Bytes that the features take where they are read, known without reading. */
    long featureBytes();

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

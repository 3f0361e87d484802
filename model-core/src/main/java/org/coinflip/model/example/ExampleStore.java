package org.coinflip.model.example;

import java.io.Serializable;

/** Examples of which a few are wanted at a time: in memory, or somewhere from which those few are read. Immutable and thread-safe. */
public interface ExampleStore extends Serializable {
    /** Number of examples. */
    int size();

    /**
     * Examples in memory, with the wanted ones among them.
     *
     * @param places which are wanted; modified: where they are in the result. The first {@code count} count
     */
    Examples bring(int[] places, int count);
}

package org.coinflip.model.measure;

import java.io.Serializable;
import java.util.Map;

/**
 * A measure, or a few that need the same, of examples that are added one by one. What is kept is counts, exact sums and multisets, so that
 * the examples may be parted and merged in any way: the numbers stay the same to the bit. Not thread-safe.
 */
interface Measure extends Serializable {
    /**
     * Adds an example.
     *
     * @param batch not modified
     * @param row whose predictions are finite
     */
    void add(Predicted batch, int row);

    /** Adds the examples of another measure of this kind, which may not be used any more. */
    void merge(Measure other);

    /**
     * Writes what is defined, of at least one example.
     *
     * @param keys as {@code measures} in summaries has them; modified
     */
    void write(Map<String, Object> keys);
}

package org.coinflip.data.source;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.raw.RawData;

/** A source that is neither split nor scaled yet, read whole into memory. */
public non-sealed interface RawSource extends Source {
    /**
     * Reads and checks everything.
     *
     * @param conf settings of the Hadoop file systems, not modified
     * @throws org.coinflip.model.error.DataException in one line, where a file is missing, damaged or not what it should be
     */
    RawData read(Configuration conf);

    /** Whether its examples have labels; without, a trained network can be used on them and nothing else. */
    default boolean isLabelled() {
        return true;
    }

    /** Whether the source says by {@link RawData#splitKeys} which examples are for validation; it then brings test examples, too. */
    default boolean hasValidationSet() {
        return false;
    }

    /** Whether the source brings test examples of its own, which then are the test split. */
    boolean hasTestSet();

    /** How many of so many examples go to a held-out split (validation, or test) that has no size: one in ten, at least one. */
    default int heldOutByDefault(int examples) {
        return Math.max(1, examples / 10);
    }

    /** What values of a step each are called: 1, 2, … */
    static List<String> steps(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(String::valueOf).toList();
    }
}

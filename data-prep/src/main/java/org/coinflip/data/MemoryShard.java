package org.coinflip.data;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.coinflip.model.example.Examples;

/**
 * A part of a split that is in memory already.
 *
 * @param read its examples
 */
record MemoryShard(Examples read) implements ExampleShard {
    /** Few enough that a shard travels in one task, many enough that there are few tasks. */
    private static final int MOST_EXAMPLES = 4096;

    @Override
    public int size() {
        return read.size();
    }

    /** All examples in successive shards. */
    static List<ExampleShard> shards(Examples examples) {
        List<ExampleShard> shards = new ArrayList<>();
        for (int from = 0; from < examples.size(); from += MOST_EXAMPLES) {
            int to = Math.min(from + MOST_EXAMPLES, examples.size());
            shards.add(new MemoryShard(examples.select(IntStream.range(from, to).toArray())));
        }
        return shards;
    }
}

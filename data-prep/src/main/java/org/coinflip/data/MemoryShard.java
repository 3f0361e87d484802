package org.coinflip.data;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.coinflip.data.parquet.ExampleSchema;
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

    @Override
    public ExampleSchema schema() {
        return ExampleSchema.of(read);
    }

    @Override
    public long featureBytes() {
        return read.features().memory();
    }

    @Override
    public long ownBytes() {
        return featureBytes();
    }

    /** All examples in successive shards. */
    static List<ExampleShard> shards(Examples examples) {
        return shards(examples, 1);
    }

    /** All examples in successive shards: {@code least} of them or more, where there are so many examples. */
    static List<ExampleShard> shards(Examples examples, int least) {
        int most = Math.min(MOST_EXAMPLES, Math.max(1, examples.size() / least));
        List<ExampleShard> shards = new ArrayList<>();
        for (int from = 0; from < examples.size(); from += most) {
            int to = Math.min(from + most, examples.size());
            shards.add(new MemoryShard(examples.select(IntStream.range(from, to).toArray())));
        }
        return shards;
    }
}

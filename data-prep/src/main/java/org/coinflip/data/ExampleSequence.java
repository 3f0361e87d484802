package org.coinflip.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.coinflip.model.example.Examples;

/** A split's examples in ascending order of ids, read a shard at a time. */
final class ExampleSequence {
    private final Iterator<ExampleShard> shards;
    private Examples shard;
    private int place;

    ExampleSequence(List<ExampleShard> shards) {
        this.shards = shards.iterator();
    }

    /** The next so many examples, at least one, of those that are left. */
    Examples next(int count) {
        List<Examples> parts = new ArrayList<>();
        for (int left = count; left > 0; ) {
            if (shard == null || place == shard.size()) {
                shard = shards.next().read();
                place = 0;
            }
            int taken = Math.min(left, shard.size() - place);
            parts.add(shard.select(IntStream.range(place, place + taken).toArray()));
            place += taken;
            left -= taken;
        }
        return parts.size() == 1 ? parts.get(0) : Examples.concatenate(parts);
    }
}

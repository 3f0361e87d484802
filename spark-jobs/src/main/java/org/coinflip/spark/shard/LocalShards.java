package org.coinflip.spark.shard;

import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.example.Examples;

/** The examples of every worker in one place: the shards that {@link Shards} distributes, to the bit. Immutable. */
public final class LocalShards {
    private final List<Examples> shards = new ArrayList<>();

    /** Parts examples among workers. */
    public LocalShards(Examples examples, int workers, long seed) {
        Sharding sharding = Sharding.of(examples, workers, seed);
        int[] owners = new int[examples.size()];
        int[] sizes = new int[workers];
        for (int i = 0; i < owners.length; i++) {
            owners[i] = sharding.owner(examples.id(i));
            sizes[owners[i]]++;
        }
        int[][] places = new int[workers][];
        for (int k = 0; k < workers; k++) {
            places[k] = new int[sizes[k]];
        }
        int[] next = new int[workers];
        for (int i = 0; i < owners.length; i++) {
            places[owners[i]][next[owners[i]]++] = i;
        }
        for (int[] mine : places) {
            shards.add(examples.select(mine).sortedById());
        }
    }

    public int workers() {
        return shards.size();
    }

    /** A worker's examples, none where there are more workers than examples. */
    public Examples of(int worker) {
        return shards.get(worker);
    }

    /** Examples of each worker. */
    public int[] sizes() {
        return shards.stream().mapToInt(Examples::size).toArray();
    }
}

package org.coinflip.spark.shard;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.coinflip.model.example.Examples;
import org.coinflip.model.noise.NoiseKey;

/**
 * Which worker owns which example: examples are ranked by a hash of (seed, example id), and worker k of K owns the ranks from
 * {@code ⌈kN/K⌉} on. The ranks are never computed: the K − 1 hashes that separate the workers are found exactly by counting hashes in
 * buckets and looking into the few buckets where a boundary falls. Shards differ in size by one at most.
 */
final class Sharding implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int BUCKET_BITS = 16;

    private final NoiseKey key;
    /** The least hash of each worker but the first, as unsigned numbers made signed by flipping the sign bit. */
    private final long[] boundaries;

    private Sharding(NoiseKey key, long[] boundaries) {
        this.key = key;
        this.boundaries = boundaries;
    }

    /** Finds the boundaries by two looks at the blocks. */
    static Sharding of(JavaRDD<Examples> blocks, int workers, long seed) {
        NoiseKey key = new NoiseKey(seed, 0, NoiseKey.SHARDING);
        return of(
                key,
                workers,
                // half a megabyte of counts a partition: added up on executors first where partitions are many
                () -> blocks.map(block -> count(block, key)).treeReduce(Sharding::add),
                buckets -> blocks.flatMap(block -> hashesIn(block, key, buckets).iterator())
                        .collect());
    }

    /** The same boundaries of examples that are all here. */
    static Sharding of(Examples examples, int workers, long seed) {
        NoiseKey key = new NoiseKey(seed, 0, NoiseKey.SHARDING);
        return of(key, workers, () -> count(examples, key), buckets -> hashesIn(examples, key, buckets));
    }

    private static Sharding of(
            NoiseKey key, int workers, Supplier<long[]> counting, Function<int[], List<Long>> looking) {
        if (workers == 1) {
            return new Sharding(key, new long[0]);
        }
        long[] counts = counting.get();
        long total = Arrays.stream(counts).sum();
        long[] ranks = new long[workers - 1];
        for (int k = 1; k < workers; k++) {
            ranks[k - 1] = (total * k + workers - 1) / workers;
        }
        int[] buckets = new int[ranks.length];
        long[] before = new long[ranks.length];
        locate(counts, ranks, buckets, before);
        List<Long> inside = looking.apply(buckets);
        long[] sorted = inside.stream().mapToLong(Long::longValue).sorted().toArray();
        long[] boundaries = new long[ranks.length];
        for (int k = 0; k < ranks.length; k++) {
            int bucket = buckets[k];
            int first = 0;
            while (first < sorted.length && bucket(sorted[first]) < bucket) {
                first++;
            }
            int place = first + (int) (ranks[k] - before[k]);
            boundaries[k] = place < sorted.length ? sorted[place] : Long.MAX_VALUE;
        }
        return new Sharding(key, boundaries);
    }

    /** The worker that owns an example. */
    int owner(long exampleId) {
        int place = Arrays.binarySearch(boundaries, hash(key, exampleId));
        // boundaries of workers without examples are equal: the last of them begins the shard
        int worker = place >= 0 ? place + 1 : -place - 1;
        while (worker < boundaries.length && boundaries[worker] == hash(key, exampleId)) {
            worker++;
        }
        return worker;
    }

    private static void locate(long[] counts, long[] ranks, int[] buckets, long[] before) {
        int bucket = 0;
        long below = 0;
        for (int k = 0; k < ranks.length; k++) {
            while (bucket < counts.length - 1 && below + counts[bucket] <= ranks[k]) {
                below += counts[bucket++];
            }
            buckets[k] = bucket;
            before[k] = below;
        }
    }

    private static long[] count(Examples block, NoiseKey key) {
        long[] counts = new long[1 << BUCKET_BITS];
        for (int i = 0; i < block.size(); i++) {
            counts[bucket(hash(key, block.id(i)))]++;
        }
        return counts;
    }

    private static long[] add(long[] a, long[] b) {
        long[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    private static List<Long> hashesIn(Examples block, NoiseKey key, int[] buckets) {
        return java.util.stream.IntStream.range(0, block.size())
                .mapToLong(i -> hash(key, block.id(i)))
                .filter(hash -> Arrays.binarySearch(buckets, bucket(hash)) >= 0)
                .boxed()
                .toList();
    }

    private static long hash(NoiseKey key, long exampleId) {
        return key.longWord(exampleId) ^ Long.MIN_VALUE;
    }

    private static int bucket(long hash) {
        return (int) ((hash ^ Long.MIN_VALUE) >>> (Long.SIZE - BUCKET_BITS));
    }
}

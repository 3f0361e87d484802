package org.coinflip.spark.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.coinflip.model.example.Examples;
import scala.Tuple2;

/**
 * The examples of every worker, in the form in which they are trained on, cached where they are computed. A partition holds a block of
 * 2^level consecutive workers, whose results are merged where they are made. Each worker's examples are in ascending order of id,
 * whatever partitions they came from.
 */
final class Shards implements AutoCloseable {
    /** One worker's examples. */
    record Shard(int worker, Examples examples) implements Serializable {}

    private final JavaRDD<Shard> shards;
    private final int workers;
    private final int level;
    private final int slots;
    private final int[] sizes;

    private Shards(JavaRDD<Shard> shards, int workers, int level, int slots, int[] sizes) {
        this.shards = shards;
        this.workers = workers;
        this.level = level;
        this.slots = slots;
        this.sizes = sizes;
    }

    /**
     * Distributes examples to workers.
     *
     * @param blocks the examples, however they are partitioned
     * @param slots tasks that the cluster runs at once
     */
    static Shards distribute(JavaRDD<Examples> blocks, int workers, long seed, int slots) {
        int level = level(workers, slots);
        int partitions = (workers + (1 << level) - 1) >> level;
        JavaRDD<Examples> kept = blocks.persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Sharding sharding = Sharding.of(kept, workers, seed);
            JavaRDD<Shard> shards = kept.flatMapToPair(block -> byOwner(block, sharding, workers))
                    // sorted outside memory, so that a partition may be larger than that; a worker's examples may not
                    .repartitionAndSortWithinPartitions(new BlockPartitioner(partitions, level))
                    .mapPartitions(Assembly::new)
                    .persist(StorageLevel.MEMORY_AND_DISK());
            int[] sizes = new int[workers];
            shards.map(shard -> new int[] {shard.worker(), shard.examples().size()})
                    .collect()
                    .forEach(size -> sizes[size[0]] = size[1]);
            return new Shards(shards, workers, level, slots, sizes);
        } finally {
            kept.unpersist(false);
        }
    }

    /** Shards of workers that need no examples: theirs are null. */
    static Shards withoutExamples(JavaSparkContext spark, int workers, int slots) {
        int level = level(workers, slots);
        int partitions = (workers + (1 << level) - 1) >> level;
        List<Integer> blocks = IntStream.range(0, partitions).boxed().toList();
        JavaRDD<Shard> shards = spark.parallelize(blocks, partitions)
                .flatMap(block -> IntStream.range(block << level, Math.min(workers, (block + 1) << level))
                        .mapToObj(worker -> new Shard(worker, null))
                        .iterator());
        return new Shards(shards, workers, level, slots, new int[workers]);
    }

    /** The greatest block of workers, a power of two, that leaves a task for every slot. */
    static int level(int workers, int slots) {
        int level = 0;
        int tasks = Math.max(1, Math.min(slots, workers));
        while (1 << level < workers && (workers + (2 << level) - 1) >> (level + 1) >= tasks) {
            level++;
        }
        return level;
    }

    private static Iterator<Tuple2<Integer, Examples>> byOwner(Examples block, Sharding sharding, int workers) {
        Map<Integer, List<Integer>> places = new TreeMap<>();
        for (int i = 0; i < block.size(); i++) {
            places.computeIfAbsent(sharding.owner(block.id(i)), k -> new ArrayList<>())
                    .add(i);
        }
        List<Tuple2<Integer, Examples>> parts = new ArrayList<>();
        places.forEach((worker, mine) -> parts.add(new Tuple2<>(
                worker, block.select(mine.stream().mapToInt(Integer::intValue).toArray()))));
        return parts.iterator();
    }

    /** Puts a worker's examples together at a time, from parts in ascending order of worker. */
    private static final class Assembly implements Iterator<Shard> {
        private final Iterator<Tuple2<Integer, Examples>> parts;
        private Tuple2<Integer, Examples> next;

        Assembly(Iterator<Tuple2<Integer, Examples>> parts) {
            this.parts = parts;
            advance();
        }

        private void advance() {
            next = parts.hasNext() ? parts.next() : null;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Shard next() {
            if (next == null) {
                throw new NoSuchElementException("every worker's examples have been put together");
            }
            int worker = next._1();
            List<Examples> mine = new ArrayList<>();
            for (; next != null && next._1() == worker; advance()) {
                mine.add(next._2());
            }
            return new Shard(worker, Examples.concatenate(mine).sortedById());
        }
    }

    JavaRDD<Shard> rdd() {
        return shards;
    }

    /** Blocks hold 2^level workers. */
    int level() {
        return level;
    }

    /** Tasks that the cluster ran at once when the shards were made. */
    int slots() {
        return slots;
    }

    int workers() {
        return workers;
    }

    /** Examples of each worker. */
    int[] sizes() {
        return sizes.clone();
    }

    @Override
    public void close() {
        shards.unpersist(false);
    }

    /** Puts workers {@code b · 2^level …} into partition b. */
    private static final class BlockPartitioner extends Partitioner {
        private static final long serialVersionUID = 1L;
        private final int partitions;
        private final int level;

        BlockPartitioner(int partitions, int level) {
            this.partitions = partitions;
            this.level = level;
        }

        @Override
        public int numPartitions() {
            return partitions;
        }

        @Override
        public int getPartition(Object worker) {
            return (Integer) worker >> level;
        }
    }
}

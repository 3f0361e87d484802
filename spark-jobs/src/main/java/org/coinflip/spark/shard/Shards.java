package org.coinflip.spark.shard;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.TaskFailureListener;
import org.coinflip.model.example.ExampleStore;
import org.coinflip.model.example.Examples;
import scala.Tuple2;

/**
 * The examples of every worker, in the form in which they are trained on, cached where they are computed, in memory or in files. A
 * partition holds a block of 2^level consecutive workers, whose results are merged where they are made. Each worker's examples are in ascending order of id,
 * whatever partitions they came from.
 */
public final class Shards implements AutoCloseable {
    /** One worker's examples. */
    public record Shard(int worker, ExampleStore examples) implements Serializable {}

    /** What the parts of workers are sorted by on their way: the order in which files are written. */
    private record Place(int worker, long firstId) implements Comparable<Place>, Serializable {
        @Override
        public int compareTo(Place other) {
            int byWorker = Integer.compare(worker, other.worker);
            return byWorker != 0 ? byWorker : Long.compare(firstId, other.firstId);
        }
    }

    /**
     * Bytes of the parts that examples are cut into on their way to files. Java's serialisation remembers the last hundred objects of a
     * stream, and there is a stream for each of some twenty that Spark has open at once.
     */
    private static final int PIECE_BYTES = 1 << 18;

    private final JavaRDD<Shard> shards;
    private final int workers;
    private final int level;
    private final int slots;
    private final int[] sizes;
    /** What files are removed with; null where there are none. */
    private final Broadcast<Boolean> files;

    private Shards(JavaRDD<Shard> shards, int workers, int level, int slots, int[] sizes, Broadcast<Boolean> files) {
        this.shards = shards;
        this.workers = workers;
        this.level = level;
        this.slots = slots;
        this.sizes = sizes;
        this.files = files;
    }

    /**
     * Distributes examples to workers, in memory.
     *
     * @param blocks the examples, however they are partitioned
     * @param slots tasks that the cluster runs at once
     */
    public static Shards distribute(JavaRDD<Examples> blocks, int workers, long seed, int slots) {
        JavaRDD<Examples> kept = blocks.persist(StorageLevel.MEMORY_AND_DISK());
        try {
            return distribute(kept, workers, seed, slots, null, 0, false);
        } finally {
            kept.unpersist(false);
        }
    }

    /**
     * Distributes examples to workers, in files of the executors: the memory that it takes does not grow with the examples. Blocks are read
     * three times, for nothing keeps them.
     *
     * @param blockBytes the most bytes of a file
     */
    public static Shards distributeToFiles(
            JavaRDD<Examples> blocks, int workers, long seed, int slots, int blockBytes) {
        return distributeToFiles(blocks, workers, seed, slots, blockBytes, false);
    }

    /** The same of examples that are in no order within blocks: they travel one by one, to be sorted on disk. */
    public static Shards distributeUnsortedToFiles(
            JavaRDD<Examples> blocks, int workers, long seed, int slots, int blockBytes) {
        return distributeToFiles(blocks, workers, seed, slots, blockBytes, true);
    }

    private static Shards distributeToFiles(
            JavaRDD<Examples> blocks, int workers, long seed, int slots, int blockBytes, boolean oneByOne) {
        Broadcast<Boolean> files =
                JavaSparkContext.fromSparkContext(blocks.context()).broadcast(true);
        try {
            return distribute(blocks, workers, seed, slots, files, blockBytes, oneByOne);
        } catch (RuntimeException e) {
            files.destroy();
            throw e;
        }
    }

    private static Shards distribute(
            JavaRDD<Examples> blocks,
            int workers,
            long seed,
            int slots,
            Broadcast<Boolean> files,
            int blockBytes,
            boolean oneByOne) {
        int level = level(workers, slots);
        int partitions = (workers + (1 << level) - 1) >> level;
        Sharding sharding = Sharding.of(blocks, workers, seed);
        long owner = files == null ? -1 : files.id();
        JavaRDD<Examples> sent = files == null ? blocks : blocks.flatMap(block -> pieces(block, oneByOne));
        JavaRDD<Shard> shards = sent.flatMapToPair(block -> byOwner(block, sharding))
                // sorted outside memory, so that a partition may be larger than that
                .repartitionAndSortWithinPartitions(new BlockPartitioner(partitions, level))
                .mapPartitions(parts -> new Assembly(parts, owner, blockBytes))
                .persist(StorageLevel.MEMORY_AND_DISK());
        int[] sizes = new int[workers];
        shards.map(shard -> new int[] {shard.worker(), shard.examples().size()})
                .collect()
                .forEach(size -> sizes[size[0]] = size[1]);
        return new Shards(shards, workers, level, slots, sizes, files);
    }

    /** Shards of workers that need no examples: theirs are null. */
    public static Shards withoutExamples(JavaSparkContext spark, int workers, int slots) {
        int level = level(workers, slots);
        int partitions = (workers + (1 << level) - 1) >> level;
        List<Integer> blocks = IntStream.range(0, partitions).boxed().toList();
        JavaRDD<Shard> shards = spark.parallelize(blocks, partitions)
                .flatMap(block -> IntStream.range(block << level, Math.min(workers, (block + 1) << level))
                        .mapToObj(worker -> new Shard(worker, null))
                        .iterator());
        return new Shards(shards, workers, level, slots, new int[workers], null);
    }

    /**
     * The greatest blocks of workers, powers of two, with which no slot takes more than an eighth longer than where every worker is a block:
     * a task for each of ten workers on two slots, not one of eight and one of two.
     */
    static int level(int workers, int slots) {
        int least = turns(workers, slots, 0);
        int level = 0;
        for (int l = 1; 1 << (l - 1) < workers; l++) {
            if (8 * turns(workers, slots, l) <= 9 * least) {
                level = l;
            }
        }
        return level;
    }

    /** Workers that a slot takes one after another, at most. */
    private static int turns(int workers, int slots, int level) {
        int blocks = (workers + (1 << level) - 1) >> level;
        return Math.min(workers, (blocks + slots - 1) / slots << level);
    }

    private static Iterator<Examples> pieces(Examples block, boolean oneByOne) {
        long beside =
                Long.BYTES + Integer.BYTES + (long) (block.targets() + (block.areWeighted() ? 1 : 0)) * Float.BYTES;
        long row = beside + block.features().memory() / Math.max(1, block.size());
        int most = oneByOne ? 1 : (int) Math.max(1, PIECE_BYTES / row);
        return IntStream.range(0, (block.size() + most - 1) / most)
                .mapToObj(
                        piece -> block.select(IntStream.range(piece * most, Math.min(block.size(), (piece + 1) * most))
                                .toArray()))
                .iterator();
    }

    private static Iterator<Tuple2<Place, Examples>> byOwner(Examples block, Sharding sharding) {
        Map<Integer, List<Integer>> places = new TreeMap<>();
        for (int i = 0; i < block.size(); i++) {
            places.computeIfAbsent(sharding.owner(block.id(i)), k -> new ArrayList<>())
                    .add(i);
        }
        List<Tuple2<Place, Examples>> parts = new ArrayList<>();
        places.forEach((worker, mine) -> {
            Examples part =
                    block.select(mine.stream().mapToInt(Integer::intValue).toArray());
            parts.add(new Tuple2<>(new Place(worker, part.id(0)), part));
        });
        return parts.iterator();
    }

    /** Puts a worker's examples together at a time, from parts in ascending order of worker. */
    private static final class Assembly implements Iterator<Shard> {
        private final Iterator<Tuple2<Place, Examples>> parts;
        private final long files;
        private final int blockBytes;
        private Tuple2<Place, Examples> next;

        /** @param files what files are removed with, negative for examples that stay in memory */
        Assembly(Iterator<Tuple2<Place, Examples>> parts, long files, int blockBytes) {
            this.parts = parts;
            this.files = files;
            this.blockBytes = blockBytes;
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
            int worker = next._1().worker();
            return new Shard(worker, files < 0 ? inMemory(worker) : inFiles(worker));
        }

        private boolean isOf(int worker) {
            return next != null && next._1().worker() == worker;
        }

        private Examples inMemory(int worker) {
            List<Examples> mine = new ArrayList<>();
            for (; isOf(worker); advance()) {
                mine.add(next._2());
            }
            return Examples.concatenate(mine).sortedById();
        }

        private StoredExamples inFiles(int worker) {
            TaskContext task = TaskContext.get();
            ExampleFiles mine = new ExampleFiles(files, "rows" + worker + "_" + task.taskAttemptId(), blockBytes);
            TaskFailureListener discarding = (context, failure) -> mine.discard();
            task.addTaskFailureListener(discarding);
            for (; isOf(worker); advance()) {
                mine.add(next._2());
            }
            return mine.finish();
        }
    }

    public JavaRDD<Shard> rdd() {
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

    public int workers() {
        return workers;
    }

    /** Examples of each worker. */
    public int[] sizes() {
        return sizes.clone();
    }

    @Override
    public void close() {
        shards.unpersist(false);
        if (files != null) {
            files.destroy();
        }
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
        public int getPartition(Object place) {
            return ((Place) place).worker() >> level;
        }
    }
}

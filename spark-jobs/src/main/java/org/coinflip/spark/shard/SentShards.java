package org.coinflip.spark.shard;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.coinflip.data.ExampleShard;

/**
 * Shards as tasks get them: those that are small inside the task; what is large is broadcast, for a task is one message, and {@code
 * spark.rpc.message.maxSize} bounds those. What is broadcast is freed when nothing refers to it any more.
 */
public final class SentShards {
    /** Spark finds tasks large beyond this. */
    private static final long MOST_IN_A_TASK = 1000L << 10;

    private SentShards() {}

    /**
     * Distributes shards.
     *
     * @param partitions tasks that there are to be, at least 1
     */
    public static JavaRDD<ExampleShard> of(JavaSparkContext spark, List<ExampleShard> shards, int partitions) {
        long own = shards.stream().mapToLong(ExampleShard::ownBytes).sum();
        long shared = shards.stream().mapToLong(ExampleShard::sharedBytes).max().orElse(0);
        if (own / partitions + shared <= MOST_IN_A_TASK) {
            return spark.parallelize(shards, partitions);
        }
        if (own > shared) {
            List<Broadcast<ExampleShard>> each =
                    shards.stream().map(spark::broadcast).toList();
            return spark.parallelize(each, partitions).map(Broadcast::value);
        }
        Broadcast<List<ExampleShard>> all = spark.broadcast(shards);
        List<Integer> places = IntStream.range(0, shards.size()).boxed().toList();
        return spark.parallelize(places, partitions).map(place -> all.value().get(place));
    }
}

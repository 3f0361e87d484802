package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.coinflip.model.example.Examples;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.Test;

class ShardsTest {
    private static Examples examples(int from, int count) {
        long[] ids = new long[count];
        int[] labels = new int[count];
        float[] features = new float[count * 2];
        for (int i = 0; i < count; i++) {
            ids[i] = 1000L * (from + i) + 7;
            labels[i] = (from + i) % 3;
            features[2 * i] = from + i;
        }
        return Examples.ofFloats(2, 3, ids, labels, features);
    }

    private static JavaRDD<Examples> blocks(LocalSpark spark, int total, int partitions) {
        List<Examples> blocks = new ArrayList<>();
        for (int from = 0; from < total; from += 100) {
            blocks.add(examples(from, Math.min(100, total - from)));
        }
        return spark.context().parallelize(blocks, partitions);
    }

    @Test
    void everyExampleHasOneOwnerAndShardsDifferByOneAtMost() {
        try (LocalSpark spark = new LocalSpark(2)) {
            for (int workers : new int[] {1, 2, 3, 7, 64}) {
                int total = 1234;
                try (Shards shards = Shards.distribute(blocks(spark, total, 3), workers, 5, 2)) {
                    int[] sizes = shards.sizes();
                    assertEquals(workers, sizes.length);
                    int least = Arrays.stream(sizes).min().orElseThrow();
                    int most = Arrays.stream(sizes).max().orElseThrow();
                    assertTrue(most - least <= 1, "sizes " + Arrays.toString(sizes));
                    Set<Long> ids = new HashSet<>();
                    shards.rdd().collect().forEach(shard -> {
                        for (int i = 0; i < shard.examples().size(); i++) {
                            assertTrue(ids.add(shard.examples().id(i)));
                            assertTrue(i == 0
                                    || shard.examples().id(i - 1)
                                            < shard.examples().id(i));
                        }
                    });
                    assertEquals(total, ids.size());
                }
            }
        }
    }

    @Test
    void shardsDoNotDependOnPartitions() {
        try (LocalSpark spark = new LocalSpark(2)) {
            List<long[]> first = null;
            for (int partitions : new int[] {1, 3, 7}) {
                try (Shards shards = Shards.distribute(blocks(spark, 500, partitions), 4, 9, partitions)) {
                    List<long[]> ids = new ArrayList<>();
                    shards.rdd().collect().stream()
                            .sorted((a, b) -> a.worker() - b.worker())
                            .forEach(shard -> ids.add(ids(shard.examples())));
                    if (first == null) {
                        first = ids;
                    }
                    for (int k = 0; k < 4; k++) {
                        assertArrayEquals(first.get(k), ids.get(k));
                    }
                }
            }
        }
    }

    @Test
    void moreWorkersThanExamplesLeavesSomeWithNone() {
        try (LocalSpark spark = new LocalSpark(2);
                Shards shards = Shards.distribute(blocks(spark, 3, 1), 8, 1, 2)) {
            assertEquals(3, Arrays.stream(shards.sizes()).sum());
            assertEquals(1, Arrays.stream(shards.sizes()).max().orElseThrow());
        }
    }

    @Test
    void blocksLeaveATaskForEverySlot() {
        assertEquals(0, Shards.level(1, 2));
        assertEquals(0, Shards.level(2, 2));
        assertEquals(1, Shards.level(4, 2));
        assertEquals(0, Shards.level(4, 4));
        assertEquals(9, Shards.level(1000, 2));
        assertEquals(3, Shards.level(8, 1));
    }

    private static long[] ids(Examples examples) {
        long[] ids = new long[examples.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = examples.id(i);
        }
        return ids;
    }
}

package org.coinflip.spark.shard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockManagerId;
import org.coinflip.model.example.ExampleStore;
import org.coinflip.model.example.Examples;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.Test;
import scala.Option;

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
                        Examples examples = all(shard.examples());
                        for (int i = 0; i < examples.size(); i++) {
                            assertTrue(ids.add(examples.id(i)));
                            assertTrue(i == 0 || examples.id(i - 1) < examples.id(i));
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
                            .forEach(shard -> ids.add(ids(all(shard.examples()))));
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
    void filesHoldWhatMemoryHolds() {
        try (LocalSpark spark = new LocalSpark(2)) {
            for (boolean bytes : new boolean[] {false, true}) {
                JavaRDD<Examples> blocks = blocks(spark, 1234, 3).map(block -> bytes ? asBytes(block) : block);
                // two rows a block: blocks end within a worker's examples, and with them
                try (Shards memory = Shards.distribute(blocks, 5, 7, 2);
                        Shards files = Shards.distributeToFiles(blocks, 5, 7, 2, 40)) {
                    assertArrayEquals(memory.sizes(), files.sizes());
                    List<Shards.Shard> expected = memory.rdd().collect();
                    List<Shards.Shard> got = files.rdd().collect();
                    for (int k = 0; k < 5; k++) {
                        assertInstanceOf(StoredExamples.class, got.get(k).examples());
                        Examples there = all(expected.get(k).examples());
                        int[] places = {there.size() - 1, 0, 17, 17, 99};
                        Examples few = got.get(k).examples().bring(places, 4);
                        assertArrayEquals(new int[] {0, 1, 2, 3, 99}, places);
                        same(there.select(new int[] {there.size() - 1, 0, 17, 17}), few);
                        same(there, all(got.get(k).examples()));
                    }
                }
            }
        }
    }

    @Test
    void filesGoWithTheShards() throws Exception {
        try (LocalSpark spark = new LocalSpark(1)) {
            Shards files = Shards.distributeToFiles(blocks(spark, 500, 3), 2, 7, 1, 1 << 10);
            File folder = SparkEnv.get().blockManager().diskBlockManager().localDirs()[0];
            assertTrue(rows(folder) > 4);
            files.close();
            for (int tries = 0; tries < 100 && rows(folder) > 0; tries++) {
                Thread.sleep(50);
            }
            assertEquals(0, rows(folder));
        }
    }

    private static long rows(File folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder.toPath())) {
            return files.filter(file -> file.toString().contains("rows")).count();
        }
    }

    @Test
    void partsThatAreNotInOrderAreRefusedForFiles() {
        try (LocalSpark spark = new LocalSpark(1)) {
            JavaRDD<Examples> twice = spark.context().parallelize(List.of(examples(0, 100), examples(50, 100)), 1);
            SparkException failure =
                    assertThrows(SparkException.class, () -> Shards.distributeToFiles(twice, 1, 7, 1, 1 << 20));
            assertTrue(failure.getMessage().contains("expected shards whose ids ascend"), failure.getMessage());
        }
    }

    @Test
    void anotherExecutorReadsACopy() {
        try (LocalSpark spark = new LocalSpark(1)) {
            Broadcast<Integer> owner = spark.context().broadcast(1);
            Examples examples = examples(0, 500);
            ExampleFiles files = new ExampleFiles(owner.id(), "rows", 1 << 10);
            files.add(examples);
            files.finish();
            BlockManager here = SparkEnv.get().blockManager();
            BlockManagerId there = BlockManagerId.apply(
                    "elsewhere",
                    here.blockTransferService().hostName(),
                    here.blockTransferService().port(),
                    Option.empty());
            // a row is 8 + 4 + 2 · 4 bytes
            RowPlaces.Builder places = new RowPlaces.Builder(1 << 10);
            IntStream.range(0, 500).forEach(row -> places.add(20));
            ExampleRows rows = ExampleRows.of(examples);
            same(examples, all(new StoredExamples(rows, places.places(), there, owner.id(), "rows")));
            StoredExamples lost = new StoredExamples(rows, places.places(), there, owner.id(), "others");
            UncheckedIOException failure = assertThrows(UncheckedIOException.class, () -> all(lost));
            assertTrue(failure.getMessage().contains("does not give"), failure.getMessage());
        }
    }

    private static Examples all(ExampleStore store) {
        int[] places = IntStream.range(0, store.size()).toArray();
        return store.bring(places, places.length);
    }

    private static Examples asBytes(Examples block) {
        byte[] bytes = new byte[2 * block.size()];
        new Random(block.id(0)).nextBytes(bytes);
        int[] labels = IntStream.range(0, block.size()).map(block::label).toArray();
        return Examples.ofBytes(2, 3, ids(block), labels, bytes, new float[] {0.5f, 2}, new float[] {1, -3});
    }

    private static void same(Examples expected, Examples got) {
        assertArrayEquals(ids(expected), ids(got));
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.label(i), got.label(i));
            for (int j = 0; j < expected.width(); j++) {
                assertEquals(expected.feature(i, j), got.feature(i, j));
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
        assertEquals(0, Shards.level(10, 2));
        assertEquals(1, Shards.level(3, 2));
        assertEquals(4, Shards.level(1000, 64));
    }

    private static long[] ids(Examples examples) {
        long[] ids = new long[examples.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = examples.id(i);
        }
        return ids;
    }
}

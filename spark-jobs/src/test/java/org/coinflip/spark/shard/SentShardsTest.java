package org.coinflip.spark.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Partition;
import org.apache.spark.api.java.JavaRDD;
import org.coinflip.data.ExampleShard;
import org.coinflip.data.parquet.ExampleSchema;
import org.coinflip.model.example.Examples;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SentShardsTest {
    private static final int WIDTH = 1000;

    @RegisterExtension
    private static final LocalSpark spark = new LocalSpark(2);

    /** Examples in memory, and what all shards of their split share. */
    private record Heavy(Examples read, byte[] shared, long ownBytes, long sharedBytes) implements ExampleShard {
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
    }

    private static List<ExampleShard> shards(int count, int each, byte[] shared) {
        return IntStream.range(0, count)
                .<ExampleShard>mapToObj(shard -> {
                    long[] ids = IntStream.range(0, each)
                            .mapToLong(i -> (long) shard * each + i)
                            .toArray();
                    Examples examples = Examples.ofFloats(WIDTH, 2, ids, new int[each], new float[each * WIDTH]);
                    return new Heavy(examples, shared, (long) each * WIDTH * Float.BYTES, shared.length);
                })
                .toList();
    }

    private static int largest(JavaRDD<ExampleShard> rdd) throws IOException {
        int most = 0;
        for (Partition partition : rdd.rdd().partitions()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(partition);
            }
            most = Math.max(most, bytes.size());
        }
        return most;
    }

    private static void arriveInSmallTasks(List<ExampleShard> shards, int partitions) throws IOException {
        JavaRDD<ExampleShard> sent = SentShards.of(spark.context(), shards, partitions);
        assertEquals(partitions, sent.getNumPartitions());
        assertTrue(largest(sent) < 1 << 20, "a task of " + largest(sent) + " bytes");
        assertEquals(
                shards.stream().map(shard -> shard.read().id(0)).toList(),
                sent.map(shard -> shard.read().id(0)).collect());
    }

    @Test
    void aTaskIsSmallHoweverLargeTheExamplesAre() throws IOException {
        arriveInSmallTasks(shards(12, 250, new byte[0]), 1);
        arriveInSmallTasks(shards(12, 250, new byte[0]), 5);
    }

    @Test
    void aTaskIsSmallHoweverLargeWhatShardsShareIs() throws IOException {
        arriveInSmallTasks(shards(4, 1, new byte[3 << 20]), 2);
    }

    @Test
    void whatIsSmallIsInTheTask() throws IOException {
        arriveInSmallTasks(shards(3, 2, new byte[0]), 2);
        assertTrue(largest(SentShards.of(spark.context(), shards(3, 2, new byte[0]), 2)) > 2 * WIDTH * Float.BYTES);
    }
}

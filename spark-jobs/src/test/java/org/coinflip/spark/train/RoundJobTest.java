package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.broadcast.Broadcast;
import org.coinflip.model.example.ExampleStore;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.Test;

class RoundJobTest {
    /** Says its number. */
    private static final class Counting implements RoundWorker {
        private static final long serialVersionUID = 1L;

        @Override
        public KernelChoice kernels() {
            return KernelChoice.usual(Arithmetic.FAST);
        }

        @Override
        public RoundResult run(Floats start, int number, ExampleStore none, int round, Floats kept, StatePool pool) {
            return new RoundResult(null, 1, number, 0, WorkTimes.NONE, null);
        }
    }

    /** Blocks whose results were lost are asked for again, and they are any of all. */
    @Test
    void aResultIsThatOfTheBlockWhicheverBlocksAreAskedFor() {
        try (LocalSpark spark = new LocalSpark(2);
                Shards shards = Shards.withoutExamples(spark.context(), 5, 5)) {
            Broadcast<RoundHost> host = spark.context().broadcast(new RoundHost(new Counting(), 4, shards.level()));
            Broadcast<Integer> owner = spark.context().broadcast(0);
            StateBlocks.Place first = StateBlocks.here().publish(owner.id(), "first", Floats.allocate(4));
            RoundHost.Start start =
                    new RoundHost.Start(0, owner.id(), first, RoundHost.Start.NONE, RoundHost.Start.NONE);
            for (List<Integer> asked : List.of(List.of(0, 1, 2, 3, 4), List.of(3), List.of(4, 1))) {
                RoundJob job = new RoundJob(spark.context(), shards, new BlockTask(host, start), asked);
                Map<Integer, Long> came = new TreeMap<>();
                while (job.hasNext()) {
                    RoundJob.Arrival arrival = job.next();
                    came.put(arrival.block(), arrival.result().told().steps());
                }
                Map<Integer, Long> expected = new TreeMap<>();
                asked.forEach(block -> expected.put(block, (long) block));
                assertEquals(expected, came);
            }
        }
    }
}

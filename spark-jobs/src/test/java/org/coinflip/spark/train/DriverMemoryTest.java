package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.model.example.ExampleStore;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.averaging.AveragingTrainer;
import org.coinflip.spark.experiment.OuterSpec;
import org.coinflip.spark.round.RoundResult;
import org.coinflip.spark.round.RoundWorker;
import org.coinflip.spark.round.WorkTimes;
import org.coinflip.spark.shard.Shards;
import org.coinflip.spark.state.StatePool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** What the driver holds of a round, by the number of blocks that report to it. */
class DriverMemoryTest {
    private static final int LENGTH = 1000;

    private static final int ROUNDS = 8;

    /** Adds its number and the round's, after a time of its own, so that results come in any order. */
    private static final class Adding implements RoundWorker {
        private static final long serialVersionUID = 1L;

        @Override
        public KernelChoice kernels() {
            return KernelChoice.usual(Arithmetic.FAST);
        }

        @Override
        public RoundResult run(
                Floats start,
                int number,
                ExampleStore none,
                int round,
                double rateFactor,
                Floats kept,
                StatePool pool) {
            try {
                Thread.sleep(new Random(number * 31L + round).nextInt(20));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            Floats end = pool.take();
            for (int i = 0; i < start.length(); i++) {
                end.set(i, start.get(i) + number + round + 0.1f * i);
            }
            return new RoundResult(end, 1 + number % 3, 1, number, WorkTimes.NONE, null);
        }
    }

    @Test
    void theSameBitsFromOneTaskAndFromSixtyFour() {
        try (LocalSpark spark = new LocalSpark(64)) {
            State start = new State(new LayoutBuilder()
                    .add("w", Segment.Role.WEIGHTS, 1, LENGTH, 1)
                    .build());
            float[] one = run(spark.context(), start, 64, 1);
            float[] many = run(spark.context(), start, 64, 64);
            assertArrayEquals(one, many);
        }
    }

    /** A thousand workers, a hundredth of 2.7 million parameters: a state a worker would be 108 MB, and of that 64 blocks send 7 MB a round. */
    @Test
    void isTheSameAfterTwoRoundsAndAfterEightOfAThousandWorkers(TestReporter reporter) {
        State start = new State(
                new LayoutBuilder().add("w", Segment.Role.WEIGHTS, 1, 27_000, 1).build());
        try (LocalSpark spark = new LocalSpark(64);
                AveragingTrainer trainer = new AveragingTrainer(
                        spark.context(),
                        Shards.withoutExamples(spark.context(), 1000, 64),
                        new Adding(),
                        OuterSpec.NONE,
                        0,
                        start,
                        null)) {
            long[] heap = new long[2];
            for (int round = 0; round < ROUNDS; round++) {
                assertEquals(1000, trainer.run(round, 1).result().steps());
                if (round == 1 || round == ROUNDS - 1) {
                    heap[round == 1 ? 0 : 1] = heapInUse();
                }
            }
            String seen = "heap after 2 rounds " + heap[0] / 1e6 + " MB, after " + ROUNDS + " rounds " + heap[1] / 1e6
                    + " MB";
            reporter.publishEntry("driver", seen);
            // what Spark remembers of its jobs, and no states
            assertTrue(heap[1] - heap[0] < 8_000_000, seen);
        }
    }

    private static long heapInUse() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static float[] run(JavaSparkContext spark, State start, int workers, int slots) {
        Shards shards = Shards.withoutExamples(spark, workers, slots);
        assertEquals(slots, shards.rdd().getNumPartitions());
        try (AveragingTrainer trainer =
                new AveragingTrainer(spark, shards, new Adding(), OuterSpec.NONE, 0, start, null)) {
            int[] next = new int[1];
            trainer.run(0, 5, round -> {
                assertEquals(next[0]++, round.number());
                assertEquals(64, round.result().steps());
            });
            assertEquals(5, next[0]);
            return trainer.state().values();
        }
    }
}

package org.coinflip.spark.train;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.StepProducts;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.spark.experiment.AveragingSpec;
import org.coinflip.spark.preflight.Slots;

/**
 * What rounds cost on this cluster, in seconds: medians over rounds with a worker in every slot, on random examples.
 *
 * @param slots tasks at once, and workers
 * @param stateBytes what travels
 * @param step of one worker
 * @param broadcast the state to all slots
 * @param combine of a task
 * @param driver launching of tasks, and results on their way
 * @param read of one result by the driver, and merging it
 */
public record RoundCosts(
        int slots, long stateBytes, double step, double broadcast, double combine, double driver, double read) {
    private record Measured(RoundTimes times, long taken, long tail) {}

    /**
     * Measures.
     *
     * @param stepsPerRound steps of a round
     * @param rounds that count
     * @param warmUp rounds before, in which Java compiles what is hot
     */
    public static RoundCosts measure(
            JavaSparkContext spark,
            Network network,
            TrainingSpec training,
            int stepsPerRound,
            int rounds,
            int warmUp,
            long seed) {
        int slots = Slots.of(spark);
        int each = Math.multiplyExact(stepsPerRound, training.batch());
        Shards shards = Shards.distribute(examples(spark, network, slots, each, seed), slots, seed, slots);
        RoundPlan plan = new RoundPlan(stepsPerRound, stepsPerRound, 1, warmUp + rounds);
        AveragingSpec averaging = AveragingSpec.plain(slots, stepsPerRound);
        State state = new State(Learner.layout(network, training));
        network.initialise(state, seed);
        List<Measured> measured = new ArrayList<>();
        KernelChoice kernels = StepProducts.choice(Arithmetic.FAST, network, training);
        try (FlushToZero flushing = kernels.arithmetic().begin();
                AveragingTrainer trainer =
                        new AveragingTrainer(spark, shards, network, training, averaging, plan, kernels, state, seed)) {
            for (int round = 0; round < warmUp + rounds; round++) {
                RoundTimes times = trainer.run(round).times();
                if (round >= warmUp) {
                    measured.add(new Measured(times, trainer.takenNanos(), trainer.tailNanos()));
                }
            }
        }
        return new RoundCosts(
                slots,
                (long) state.values().length() * Float.BYTES,
                median(measured, m -> m.times().computeNanos()) / stepsPerRound,
                median(measured, m -> m.times().broadcastNanos()),
                median(measured, m -> Math.max(0, m.times().combineNanos() - m.tail())),
                median(measured, m -> m.times().driverNanos()),
                median(measured, m -> m.taken()) / shards.rdd().getNumPartitions());
    }

    private static JavaRDD<Examples> examples(JavaSparkContext spark, Network network, int slots, int each, long seed) {
        int width = network.spec().inputs();
        int classes = network.spec().classes().orElse(1);
        List<Integer> blocks = IntStream.range(0, slots).boxed().toList();
        return spark.parallelize(blocks, slots).map(block -> {
            byte[] bytes = new byte[Math.multiplyExact(each, width)];
            new SplittableRandom(seed ^ Integer.reverse(block)).nextBytes(bytes);
            float[] scale = new float[width];
            java.util.Arrays.fill(scale, 1f / 255);
            return Examples.ofBytes(
                    width,
                    classes,
                    IntStream.range(0, each)
                            .mapToLong(i -> (long) block * each + i)
                            .toArray(),
                    IntStream.range(0, each).map(i -> i % classes).toArray(),
                    bytes,
                    scale,
                    new float[width]);
        });
    }

    private static double median(List<Measured> measured, ToDoubleFunction<Measured> nanos) {
        double[] sorted = measured.stream().mapToDouble(nanos).sorted().toArray();
        int middle = sorted.length / 2;
        return (sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2) / 1e9;
    }

    /**
     * Seconds of a round that are not steps, on a cluster of so many slots with a worker in each: launching; the state handed on from
     * executor to executor, {@code ⌈log₂⌉} times what it takes to reach twice as many; a task's own combining; and all results read by the
     * driver one after another, for workers that end at once.
     */
    public double overhead(int workers) {
        double handings = 1 + Math.max(0, Math.ceil(StrictMath.log(workers / (double) slots) / StrictMath.log(2)));
        return driver + broadcast * handings + combine + read * workers;
    }

    /** Part of a worker's time that it computes in: {@code H s / (H s + overhead)}. */
    public double efficiency(int workers, int stepsPerRound) {
        double compute = stepsPerRound * step;
        return compute / (compute + overhead(workers));
    }

    /** The least steps a round for an efficiency. */
    public long breakEven(int workers, double efficiency) {
        return (long) Math.ceil(overhead(workers) / step * efficiency / (1 - efficiency));
    }
}

package org.coinflip.spark.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.spark.averaging.AveragingTrainer;
import org.coinflip.spark.experiment.AveragingSpec;
import org.coinflip.spark.round.RoundPlan;
import org.coinflip.spark.round.RoundTimes;
import org.coinflip.spark.shard.Shards;

/**
 * What rounds cost on this cluster, in seconds: medians over rounds with a worker in each of some slots, on random examples.
 *
 * @param slots tasks at once, and workers
 * @param stateBytes what travels
 * @param step of one worker
 * @param broadcast the state into a worker's memory, and slices of the new one from other executors
 * @param combine copying out, checking, merging, and slices on their way to who merges them
 */
public record RoundCosts(int slots, long stateBytes, double step, double broadcast, double combine) {
    /**
     * Measures.
     *
     * @param kernels what steps are computed with
     * @param slots with a worker in each
     * @param stepsPerRound steps of a round
     * @param rounds that count
     * @param warmUp rounds before, in which Java compiles what is hot
     */
    public static RoundCosts measure(
            JavaSparkContext spark,
            Network network,
            TrainingSpec training,
            KernelChoice kernels,
            int slots,
            int stepsPerRound,
            int rounds,
            int warmUp,
            long seed) {
        int each = Math.multiplyExact(stepsPerRound, training.batch());
        Shards shards = Shards.distribute(examples(spark, network, slots, each, seed), slots, seed, slots);
        RoundPlan plan = new RoundPlan(stepsPerRound, epoch -> stepsPerRound, warmUp + rounds);
        AveragingSpec averaging = AveragingSpec.plain(slots, stepsPerRound);
        State state = new State(Learner.layout(network, training));
        network.initialise(state, seed);
        List<RoundTimes> measured = new ArrayList<>();
        try (FlushToZero flushing = kernels.arithmetic().begin();
                AveragingTrainer trainer = new AveragingTrainer(
                        spark, shards, network, training, averaging, plan, kernels, state, seed, null)) {
            trainer.run(0, warmUp, round -> {});
            trainer.run(warmUp, warmUp + rounds, round -> measured.add(round.times()));
        }
        return new RoundCosts(
                slots,
                (long) state.values().length() * Float.BYTES,
                median(measured, RoundTimes::computeNanos) / stepsPerRound,
                median(measured, RoundTimes::broadcastNanos),
                median(measured, RoundTimes::combineNanos));
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

    /** In seconds. */
    static double median(List<RoundTimes> measured, ToDoubleFunction<RoundTimes> nanos) {
        double[] sorted = measured.stream().mapToDouble(nanos).sorted().toArray();
        int middle = sorted.length / 2;
        return (sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2) / 1e9;
    }

    /** Seconds of a round that are not steps. */
    public double overhead() {
        return broadcast + combine;
    }

    /** Part of a worker's time that it computes in, of rounds whose end takes so long: {@code H s / (H s + overhead)}. */
    public double efficiency(double overhead, int stepsPerRound) {
        double compute = stepsPerRound * step;
        return compute / (compute + overhead);
    }

    /** The least steps a round for an efficiency. */
    public long breakEven(double overhead, double efficiency) {
        return (long) Math.ceil(overhead / step * efficiency / (1 - efficiency));
    }
}

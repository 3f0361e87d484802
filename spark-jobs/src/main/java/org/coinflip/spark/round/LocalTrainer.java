package org.coinflip.spark.round;

import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.spark.experiment.AveragingSpec;
import org.coinflip.spark.shard.LocalShards;
import org.coinflip.spark.state.StatePool;
import org.coinflip.spark.state.StateVector;

/**
 * All logical workers of a training one after another in the calling thread, without Spark: the same steps, merged along the same tree as
 * {@code AveragingTrainer} has them, so the same bits. What a small trial of a sweep runs in its task.
 */
public final class LocalTrainer implements Rounds {
    private final Worker worker;
    private final LocalShards shards;
    private final StatePool pool;
    private final Merging merging;
    private final BitSet all;
    private final OuterStep outer;
    private final Floats[] kept;
    private Floats state;

    public LocalTrainer(
            LocalShards shards,
            Network network,
            TrainingSpec training,
            AveragingSpec averaging,
            RoundPlan plan,
            KernelChoice kernels,
            StateVector initial,
            long seed) {
        this.shards = shards;
        this.worker = new Worker(network, training, averaging, plan, kernels, seed);
        this.outer = new OuterStep(averaging.outer(), network.layout().parameters());
        this.pool = new StatePool(initial.values().length);
        this.state = Floats.of(initial.values());
        this.merging = Merging.atOnce(Backend.updatingKernels(), pool);
        this.all = new BitSet();
        all.set(0, shards.workers());
        this.kept = new Floats[shards.workers()];
        int perExample = worker.keptPerExample();
        ExampleStateIndex.check(perExample, shards.sizes());
        for (int k = 0; perExample > 0 && k < kept.length; k++) {
            kept[k] = Floats.allocate(perExample * shards.of(k).size());
        }
    }

    @Override
    public Round run(int round, double rateFactor) {
        long began = System.nanoTime();
        MergeTree tree = new MergeTree(all, merging);
        for (int k = 0; k < shards.workers(); k++) {
            boolean works = shards.of(k).size() > 0;
            tree.add(
                    k, works ? worker.run(state, k, shards.of(k), round, rateFactor, kept[k], pool) : RoundResult.NONE);
        }
        RoundResult result = tree.root();
        if (result.state() != null) {
            outer.take(state, result.state());
            pool.give(state);
            state = result.state();
        }
        long nanos = System.nanoTime() - began;
        WorkTimes times = result.withTask(0, nanos).times();
        return new Round(round, result, RoundTimes.of(nanos, 0, times, nanos, 1));
    }

    /**
     * Takes a worker's steps of the round to come up to one, and has someone look at the learner before it. Changes nothing here.
     *
     * @param step counted from the epoch's start, one of the round's that the worker takes
     */
    public void look(int round, double rateFactor, int number, int step, StepLook look) {
        Floats mine = kept[number] == null ? null : Floats.of(kept[number].toArray());
        worker.look(state, number, shards.of(number), round, rateFactor, mine, step, look);
    }

    @Override
    public StateVector state() {
        return new StateVector(state.toArray());
    }

    @Override
    public Map<String, float[]> memory() {
        Map<String, float[]> all = new LinkedHashMap<>(outer.memory());
        if (worker.keptPerExample() > 0) {
            float[] numbers =
                    new float[Arrays.stream(kept).mapToInt(Floats::length).sum()];
            int at = 0;
            for (Floats mine : kept) {
                mine.get(0, numbers, at, mine.length());
                at += mine.length();
            }
            all.put(ExampleStateIndex.VECTOR, numbers);
        }
        return all;
    }

    @Override
    public void restore(Map<String, float[]> vectors) {
        outer.restore(vectors);
        if (worker.keptPerExample() > 0 && vectors.containsKey(ExampleStateIndex.VECTOR)) {
            int at = 0;
            for (Floats mine : kept) {
                mine.set(0, vectors.get(ExampleStateIndex.VECTOR), at, mine.length());
                at += mine.length();
            }
        }
    }

    @Override
    public void close() {}
}

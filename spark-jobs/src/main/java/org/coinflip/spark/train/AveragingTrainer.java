package org.coinflip.spark.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.kernel.Updating;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.spark.experiment.AveragingSpec;

/**
 * Synchronous data-parallel training: a round hands out the state, every worker takes its steps from it, the states come back and are
 * averaged weighted by examples along a fixed tree ({@link MergeTree}). The driver holds the state, and results whose siblings are still
 * computed up to a number that grows with the logarithm of the blocks; others wait where they were made. All that training changes is
 * averaged alike: parameters, statistics, the updater's memory. What a network keeps of examples is not: its worker alone has those
 * ({@link KeptExamples}).
 */
public final class AveragingTrainer implements Rounds {
    /** Times that a block is computed again because its result was lost with its executor, beside Spark's own retries. */
    private static final int ATTEMPTS = 4;
    /** Blocks whose tasks all read a round's first state from the driver. */
    private static final int DIRECT_READERS = 2;

    private final JavaSparkContext spark;
    private final Shards shards;
    private final Broadcast<RoundHost> host;
    private final Updating kernels = Backend.updatingKernels();
    private final Arithmetic arithmetic;
    private final StatePool pool;
    private final OuterStep outer;
    private final KeptExamples kept;
    private Floats state;
    private long takenNanos;
    private long tailNanos;

    AveragingTrainer(
            JavaSparkContext spark,
            Shards shards,
            Network network,
            TrainingSpec training,
            AveragingSpec averaging,
            RoundPlan plan,
            KernelChoice kernels,
            State initial,
            long seed) {
        this(
                spark,
                shards,
                new Worker(network, training, averaging, plan, kernels, seed),
                new OuterStep(averaging.outer(), network.layout().parameters()),
                initial);
    }

    /** @param initial what the first round starts from; not modified */
    AveragingTrainer(JavaSparkContext spark, Shards shards, RoundWorker worker, OuterStep outer, State initial) {
        int length = initial.values().length();
        this.spark = spark;
        this.shards = shards;
        this.host = spark.broadcast(new RoundHost(worker, length, shards.level()));
        this.arithmetic = worker.kernels().arithmetic();
        this.outer = outer;
        this.kept = new KeptExamples(spark, worker.keptPerExample(), shards.sizes());
        this.pool = new StatePool(length);
        this.state = pool.take();
        state.set(initial.values());
    }

    @Override
    public StateVector state() {
        return new StateVector(state.toArray());
    }

    @Override
    public Round run(int round) {
        long began = System.nanoTime();
        // Its value tells executors nothing; the round's states are removed with it.
        Broadcast<Integer> owner = spark.broadcast(round);
        boolean good = false;
        kept.begin(round);
        try (FlushToZero flushing = arithmetic.begin()) {
            StateBlocks blocks = StateBlocks.here();
            int count = shards.rdd().getNumPartitions();
            RoundHost.Start start = new RoundHost.Start(
                    round, owner.id(), first(blocks, owner.id(), count), kept.before(), kept.next());
            long offered = System.nanoTime();
            Gathering gathering =
                    new Gathering(new MergeTree(count, shards.level(), kernels, pool), pool, blocks, offered);
            BlockTask task = new BlockTask(host, start);
            List<Integer> wanted = IntStream.range(0, count).boxed().toList();
            for (int attempt = 0; !wanted.isEmpty(); attempt++) {
                wanted = gathering.gather(new RoundJob(spark, shards, task, wanted), attempt == ATTEMPTS);
            }
            RoundResult result = gathering.result();
            takenNanos = gathering.takenNanos();
            tailNanos = gathering.tailNanos();
            if (result.state() != null) {
                outer.take(state, result.state());
                pool.give(state);
                state = result.state();
                good = true;
            }
            long ended = System.nanoTime();
            RoundTimes times = RoundTimes.of(
                    ended - began,
                    offered - began,
                    gathering.tailNanos(),
                    gathering.leastDelayNanos() + ended - gathering.mergedNanos(),
                    result.times(),
                    Math.min(count, shards.slots()));
            return new Round(round, result, times);
        } finally {
            owner.destroy();
            kept.end(good);
        }
    }

    /** Where the first state is for few readers, who fetch it with one request each; null for many, who are given it to hand on. */
    private StateBlocks.Place first(StateBlocks blocks, long broadcast, int readers) {
        if (readers <= DIRECT_READERS) {
            return blocks.publish(broadcast, "first", state);
        }
        blocks.offer(broadcast, state);
        return null;
    }

    /** Time that the driver spent on reading and merging the last round's results. */
    long takenNanos() {
        return takenNanos;
    }

    /** The part of it, and of waiting, after the last result came. */
    long tailNanos() {
        return tailNanos;
    }

    /** States that the driver has memory for. */
    int statesHeld() {
        return pool.allocated();
    }

    @Override
    public Map<String, float[]> memory() {
        Map<String, float[]> all = new LinkedHashMap<>(outer.memory());
        all.putAll(kept.memory());
        return all;
    }

    @Override
    public void restore(Map<String, float[]> vectors) {
        outer.restore(vectors);
        kept.restore(vectors);
    }

    @Override
    public void close() {
        kept.close();
        host.destroy();
        shards.close();
    }
}

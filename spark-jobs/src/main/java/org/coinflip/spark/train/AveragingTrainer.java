package org.coinflip.spark.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.spark.experiment.AveragingSpec;
import org.coinflip.spark.experiment.OuterSpec;
import org.coinflip.spark.preflight.Slots;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Synchronous data-parallel training: in a round every worker takes its steps from the same state, and the states are averaged weighted by
 * examples along a fixed tree ({@link MergeTree}). A stretch of rounds is one job of Spark's, whose tasks average among themselves ({@link
 * Crew}, {@link Exchange}); the driver starts stretches, hears of rounds, and reads the state at a stretch's end. A stretch that loses a task is run
 * again from the state at its beginning, to the same bits. All that training changes is averaged alike: parameters, statistics, the updater's
 * memory. What a network keeps of examples is not: its worker alone has those ({@link KeptExamples}).
 */
public final class AveragingTrainer implements Rounds {
    private static final Logger LOG = LoggerFactory.getLogger(AveragingTrainer.class);
    /** How long tasks wait for each other. */
    private static final String PATIENCE = "spark.coinflip.patience";

    private static final String LEAST_PATIENCE = "60s";
    private static final long LOOK_MILLIS = 50;

    private final JavaSparkContext spark;
    private final Shards shards;
    private final Broadcast<RoundHost> host;
    private final Gang gang;
    private final OuterStep outer;
    private final KeptExamples kept;
    private final int attempts;
    private final long patienceNanos;
    private final Floats state;
    /** Whether Spark asks for executors as there are tasks. */
    private final boolean dynamic;
    /** Tasks that were seen to get slots, where executors come and go. */
    private int most = Integer.MAX_VALUE;

    private long from = Stretch.NONE;

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
                averaging.outer(),
                network.layout().parameters(),
                initial);
    }

    /**
     * @param parameters numbers of a state that the outer optimiser takes its step with
     * @param initial what the first round starts from; not modified
     */
    AveragingTrainer(
            JavaSparkContext spark, Shards shards, RoundWorker worker, OuterSpec outer, int parameters, State initial) {
        int length = initial.values().length();
        String name = "coinflip-" + java.util.UUID.randomUUID();
        this.spark = spark;
        this.shards = shards;
        this.outer = new OuterStep(outer, parameters);
        this.host = spark.broadcast(new RoundHost(worker, outer, length, parameters, name));
        this.gang = new Gang(spark, name);
        this.kept = new KeptExamples(spark, worker.keptPerExample(), shards.sizes());
        this.attempts = spark.getConf().getInt("spark.task.maxFailures", 4);
        this.dynamic = spark.getConf().getBoolean("spark.dynamicAllocation.enabled", false);
        this.patienceNanos = TimeUnit.SECONDS.toNanos(spark.getConf().getTimeAsSeconds(PATIENCE, LEAST_PATIENCE));
        this.state = Floats.allocate(length);
        state.set(initial.values());
    }

    @Override
    public StateVector state() {
        return new StateVector(state.toArray());
    }

    @Override
    public Round run(int round) {
        Round[] one = new Round[1];
        run(round, round + 1, done -> one[0] = done);
        return one[0];
    }

    @Override
    public void run(int first, int end, Listener listener) {
        Told told = new Told(first, end, listener);
        int limit = shards.rdd().getNumPartitions();
        for (int attempt = 1; ; attempt++) {
            int tasks = Math.max(1, Math.min(limit, slots()));
            try {
                run(first, end, tasks, patienceNanos << (attempt - 1), told);
                return;
            } catch (StretchBroken e) {
                if (attempt == attempts) {
                    throw new IllegalStateException(
                            "rounds from " + (first + 1) + " on failed " + attempts + " times: " + e.getMessage(), e);
                }
                if (e.tasksThere() > 0) {
                    limit = e.tasksThere();
                    most = limit;
                }
                LOG.warn("rounds from {} on are run again: {}", first + 1, e.getMessage());
            }
        }
    }

    /** Slots that there are; where executors come when tasks wait for them, as many as came when they did. */
    private int slots() {
        int slots = spark.isLocal() ? Slots.of(spark) : Slots.registered(spark);
        return dynamic ? Math.max(slots, most) : slots;
    }

    private void run(int first, int end, int tasks, long patience, Told told) {
        // Its value tells executors nothing; a stretch's states are removed with it.
        Broadcast<Integer> owner = spark.broadcast(first);
        Broadcast<Integer> memory = outer.length() == 0 ? null : spark.broadcast(first);
        kept.begin();
        boolean good = false;
        try {
            Stretch stretch = new Stretch(
                    owner.id(),
                    first,
                    end,
                    tasks,
                    from,
                    memory == null ? Stretch.NONE : memory.id(),
                    kept.before(),
                    kept.next(),
                    patience);
            StateBlocks.here().offer(owner.id(), state);
            if (memory != null) {
                StateBlocks.here().offer(memory.id(), outer.memory(new Slice(0, outer.length())));
            }
            gang.begin(stretch, told::isToEnd);
            JavaRDD<Shards.Shard> parts =
                    tasks < shards.rdd().getNumPartitions() ? shards.rdd().coalesce(tasks) : shards.rdd();
            StretchJob job = new StretchJob(spark, parts, new StretchTask(host, stretch), gang::wake);
            try {
                read(await(stretch, job, told));
            } finally {
                job.cancel();
                gang.finish();
            }
            from = stretch.id();
            good = told.isGood();
            told.end();
        } finally {
            owner.destroy();
            if (memory != null) {
                memory.destroy();
            }
            kept.end(good);
        }
    }

    /** Hears of a stretch to its end; gives what its tasks left. */
    private List<StretchEnd> await(Stretch stretch, StretchJob job, Told told) {
        long began = System.nanoTime();
        boolean together = false;
        try {
            while (true) {
                List<StretchEnd> ends = job.ends();
                if (!ends.isEmpty() && told.next() >= ends.get(0).end()) {
                    return ends;
                }
                Object event = gang.next(LOOK_MILLIS);
                if (event instanceof Gang.Failed failed) {
                    throw new StretchBroken(failed.why(), failed.cause());
                } else if (event instanceof Gang.Done done) {
                    told.done(done.round());
                } else if (event instanceof Roster) {
                    together = true;
                }
                int present = gang.present();
                if (!together && present > 0 && System.nanoTime() - began > stretch.patienceNanos()) {
                    throw new StretchBroken(
                            "of " + stretch.tasks() + " tasks " + present + " have started; as many take all workers",
                            present);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in a round", e);
        }
    }

    private void read(List<StretchEnd> ends) {
        StateBlocks blocks = StateBlocks.here();
        try {
            for (StretchEnd end : ends) {
                if (end.state() != null) {
                    blocks.read(end.state(), state);
                }
                if (end.memory() != null) {
                    Floats part = Floats.allocate(end.part().count());
                    blocks.read(end.memory(), part);
                    outer.restore(part, end.part().from());
                }
            }
        } catch (IllegalStateException e) {
            throw new StretchBroken("the state was lost after its last round", e);
        }
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
        gang.close();
        kept.close();
        host.destroy();
        shards.close();
    }
}

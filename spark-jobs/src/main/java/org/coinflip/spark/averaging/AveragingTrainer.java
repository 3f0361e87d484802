package org.coinflip.spark.averaging;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.spark.evaluation.Validation;
import org.coinflip.spark.experiment.AveragingSpec;
import org.coinflip.spark.experiment.OuterSpec;
import org.coinflip.spark.preflight.Slots;
import org.coinflip.spark.round.ExampleStateIndex;
import org.coinflip.spark.round.OnceListener;
import org.coinflip.spark.round.OuterStep;
import org.coinflip.spark.round.Round;
import org.coinflip.spark.round.RoundPlan;
import org.coinflip.spark.round.RoundSnapshot;
import org.coinflip.spark.round.RoundSpan;
import org.coinflip.spark.round.RoundWorker;
import org.coinflip.spark.round.Rounds;
import org.coinflip.spark.round.Slice;
import org.coinflip.spark.round.SnapshotSchedule;
import org.coinflip.spark.round.Worker;
import org.coinflip.spark.shard.Shards;
import org.coinflip.spark.state.StateBlocks;
import org.coinflip.spark.state.StateVector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Synchronous data-parallel training: in a round every worker takes its steps from the same state, and the states are averaged weighted by
 * examples along a fixed tree ({@code MergeTree}). A span of rounds is one job of Spark's, whose tasks average among themselves ({@link
 * ProcessRanks}, {@link TorusAllReduce}); the driver starts spans, hears of rounds, and reads the state after marked rounds while others are run ({@link SnapshotThread}), and at a span's
 * end. A span that loses a task is run again from the last state that the driver has, to the same bits. All that training changes is averaged alike: parameters, statistics, the updater's
 * memory. Persistent per-example state is not: its worker alone has it ({@link ExampleStateIndex}).
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
    private final GroupCoordinator coordinator;
    private final OuterStep outer;
    private final ExampleStateIndex kept;
    /** Whether marked rounds are handed over while others are run; otherwise they end a span. */
    private final boolean handsOver;

    private final int attempts;
    private final long patienceNanos;
    private final Floats state;
    /** What a state is read into, in the place of {@link #state} when all that goes with it is there. */
    private final Floats arriving;
    /** Whether Spark asks for executors as there are tasks. */
    private final boolean dynamic;
    /** Tasks that were seen to get slots, where executors come and go. */
    private int most = Integer.MAX_VALUE;

    private long from = RoundSpan.NONE;
    /** The round that {@link #state} is of the beginning of, in a span. */
    private int begun;

    public AveragingTrainer(
            JavaSparkContext spark,
            Shards shards,
            Network network,
            TrainingSpec training,
            AveragingSpec averaging,
            RoundPlan plan,
            KernelChoice kernels,
            State initial,
            long seed,
            Validation validation) {
        this(
                spark,
                shards,
                new Worker(network, training, averaging, plan, kernels, seed),
                averaging.outer(),
                network.layout().parameters(),
                initial,
                validation);
    }

    /**
     * @param parameters numbers of a state that the outer optimiser takes its step with
     * @param initial what the first round starts from; not modified
     * @param validation what executors look at after marked rounds; null where the listener does
     */
    public AveragingTrainer(
            JavaSparkContext spark,
            Shards shards,
            RoundWorker worker,
            OuterSpec outer,
            int parameters,
            State initial,
            Validation validation) {
        int length = initial.values().length();
        String name = "coinflip-" + java.util.UUID.randomUUID();
        this.spark = spark;
        this.shards = shards;
        this.outer = new OuterStep(outer, parameters);
        this.host = spark.broadcast(new RoundHost(worker, outer, length, parameters, name, validation));
        this.coordinator = new GroupCoordinator(spark, name);
        this.kept = new ExampleStateIndex(spark, worker.keptPerExample(), shards.sizes());
        this.handsOver = validation != null && worker.keptPerExample() == 0 && !worker.waitsForLooks();
        this.attempts = spark.getConf().getInt("spark.task.maxFailures", 4);
        this.dynamic = spark.getConf().getBoolean("spark.dynamicAllocation.enabled", false);
        this.patienceNanos = TimeUnit.SECONDS.toNanos(spark.getConf().getTimeAsSeconds(PATIENCE, LEAST_PATIENCE));
        this.state = Floats.allocate(length);
        this.arriving = Floats.allocate(length);
        state.set(initial.values());
    }

    @Override
    public StateVector state() {
        return new StateVector(state.toArray());
    }

    @Override
    public Round run(int round, double rateFactor) {
        Round[] one = new Round[1];
        run(round, round + 1, new Listener() {
            @Override
            public void done(Round done) {
                one[0] = done;
            }

            @Override
            public double rateFactor() {
                return rateFactor;
            }
        });
        return one[0];
    }

    @Override
    public void run(int first, int end, SnapshotSchedule marks, Listener listener) {
        int next = first;
        while (next < end) {
            int until = next + 1;
            while (until < end && (handsOver || !marks.isMark(until - 1))) {
                until++;
            }
            OnceListener told = new OnceListener(next, until, listener);
            runAgainWhereBroken(next, until, marks, told, listener);
            next = told.next();
            if (!told.isGood()) {
                return;
            }
            if (marks.isMark(next - 1)) {
                listener.handed(new RoundSnapshot(next - 1, vectors()));
            }
            if (next < end && (told.isEnded() || (next == until && listener.isToEnd()))) {
                return;
            }
        }
    }

    private void runAgainWhereBroken(int first, int end, SnapshotSchedule marks, OnceListener told, Listener listener) {
        int limit = shards.rdd().getNumPartitions();
        int attempt = 1;
        begun = first;
        while (true) {
            int begins = begun;
            int tasks = Math.max(1, Math.min(limit, slots()));
            try {
                run(begins, end, tasks, patienceNanos << (attempt - 1), marks, told, listener);
                return;
            } catch (SpanBroken e) {
                attempt = begun > begins ? 2 : attempt + 1;
                if (attempt > attempts) {
                    throw new IllegalStateException(
                            "rounds from " + (begun + 1) + " on failed " + attempts + " times: " + e.getMessage(), e);
                }
                if (e.tasksThere() > 0) {
                    limit = e.tasksThere();
                    most = limit;
                }
                LOG.warn("rounds from {} on are run again: {}", begun + 1, e.getMessage());
            }
        }
    }

    /** Slots that there are; where executors come when tasks wait for them, as many as came when they did. */
    private int slots() {
        int slots = Slots.registered(spark);
        return dynamic ? Math.max(slots, most) : slots;
    }

    /** Whether there are slots for more tasks than run, as after a lost executor's return. */
    private boolean couldBeMore(int tasks) {
        return !spark.isLocal() && tasks < shards.rdd().getNumPartitions() && Slots.registered(spark) > tasks;
    }

    private void run(
            int first,
            int end,
            int tasks,
            long patience,
            SnapshotSchedule marks,
            OnceListener told,
            Listener listener) {
        // Its value tells executors nothing; a span's states are removed with it.
        Broadcast<Integer> owner = spark.broadcast(first);
        Broadcast<Integer> memory = outer.length() == 0 ? null : spark.broadcast(first);
        kept.begin();
        boolean good = false;
        try {
            RoundSpan span = new RoundSpan(
                    owner.id(),
                    first,
                    end,
                    tasks,
                    from,
                    memory == null ? RoundSpan.NONE : memory.id(),
                    kept.before(),
                    kept.next(),
                    rounds(first, end, marks::isMark),
                    rounds(first, end, marks::isLook),
                    listener.rateFactor(),
                    patience);
            SnapshotCollector collector = new SnapshotCollector(span);
            StateBlocks.here().offer(owner.id(), state);
            if (memory != null) {
                StateBlocks.here().offer(memory.id(), outer.memory(new Slice(0, outer.length())));
            }
            coordinator.begin(
                    span,
                    round -> told.isToEnd(round)
                            || collector.isBehind(round)
                            || (span.isMark(round + 1) && couldBeMore(tasks)));
            JavaRDD<Shards.Shard> parts =
                    tasks < shards.rdd().getNumPartitions() ? shards.rdd().coalesce(tasks) : shards.rdd();
            SpanJob job = new SpanJob(spark, parts, new SpanTask(host, span), coordinator::wake);
            try {
                read(await(span, job, told, collector, listener).stream()
                        .map(SpanEnd::left)
                        .toList());
            } finally {
                job.cancel();
                coordinator.finish();
            }
            from = span.id();
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

    /** The rounds of a span that are handed over while it runs. */
    private int[] rounds(int first, int end, IntPredicate marked) {
        return handsOver ? IntStream.range(first, end - 1).filter(marked).toArray() : new int[0];
    }

    /** Hears of a span to its end; gives what its tasks left. */
    private List<SpanEnd> await(
            RoundSpan span, SpanJob job, OnceListener told, SnapshotCollector collector, Listener listener) {
        long began = System.nanoTime();
        RankAssignment assignment = null;
        try {
            while (true) {
                List<SpanEnd> ends = job.ends();
                if (!ends.isEmpty()
                        && told.next() >= ends.get(0).end()
                        && collector.isComplete(ends.get(0).end())) {
                    return ends;
                }
                Object event = coordinator.next(LOOK_MILLIS);
                if (event instanceof GroupCoordinator.Failed failed) {
                    throw new SpanBroken(failed.why(), failed.cause());
                } else if (event instanceof GroupCoordinator.Done done) {
                    told.done(done.round());
                } else if (event instanceof GroupCoordinator.Delivery part) {
                    collector.add(part);
                } else if (event instanceof RankAssignment all) {
                    assignment = all;
                }
                while (assignment != null && take(collector.next(assignment.processes(), told.next()), listener)) {
                    // those of the round after it may all be there too
                }
                int present = coordinator.present();
                if (assignment == null && present > 0 && System.nanoTime() - began > span.patienceNanos()) {
                    throw new SpanBroken(
                            "of " + span.tasks() + " tasks " + present + " have started; as many take all workers",
                            present);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in a round", e);
        }
    }

    /** Takes what was handed over after a round, where it was; the span begins there where it has to be run again. */
    private boolean take(List<GroupCoordinator.Delivery> parts, Listener listener) {
        if (parts.isEmpty()) {
            return false;
        }
        read(parts.stream().map(part -> part.handed().left()).toList());
        parts.forEach(coordinator::answer);
        int round = parts.get(0).handed().round();
        begun = round + 1;
        from = RoundSpan.NONE;
        listener.handed(
                new RoundSnapshot(round, vectors(), SnapshotCollector.score(parts), SnapshotCollector.measures(parts)));
        return true;
    }

    /** Reads what processes have left, all of it or nothing. */
    private void read(List<SnapshotPart> all) {
        StateBlocks blocks = StateBlocks.here();
        Map<Integer, Floats> memory = new LinkedHashMap<>();
        try {
            for (SnapshotPart left : all) {
                if (left.state() != null) {
                    blocks.read(left.state(), arriving);
                }
                if (left.memory() != null) {
                    Floats part = Floats.allocate(left.part().count());
                    blocks.read(left.memory(), part);
                    memory.put(left.part().from(), part);
                }
            }
        } catch (IllegalStateException e) {
            throw new SpanBroken("the state was lost after its last round", e);
        }
        state.set(arriving);
        memory.forEach((at, part) -> outer.restore(part, at));
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
        coordinator.close();
        kept.close();
        host.destroy();
        shards.close();
    }
}

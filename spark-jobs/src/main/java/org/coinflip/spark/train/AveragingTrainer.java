package org.coinflip.spark.train;

import java.io.Serializable;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.TrainingSpec;
import scala.Function2;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag$;
import scala.runtime.BoxedUnit;

/**
 * Synchronous data-parallel training: a round broadcasts the state, every worker takes its steps from it, the states come back and are
 * averaged weighted by examples along a fixed tree ({@link MergeTree}). The driver holds one state and those results whose siblings
 * are still computed. All that training changes is averaged alike: parameters, statistics, the updater's memory.
 */
public final class AveragingTrainer implements Rounds {
    private final JavaSparkContext spark;
    private final Shards shards;
    private final Broadcast<RoundWorker> worker;
    private StateVector state;

    AveragingTrainer(
            JavaSparkContext spark,
            Shards shards,
            Network network,
            TrainingSpec training,
            RoundPlan plan,
            State initial,
            long seed) {
        this(spark, shards, new Worker(network, training, plan, seed), initial);
    }

    /** @param initial what the first round starts from; not modified */
    AveragingTrainer(JavaSparkContext spark, Shards shards, RoundWorker worker, State initial) {
        this.spark = spark;
        this.shards = shards;
        this.worker = spark.broadcast(worker);
        this.state = StateVector.of(initial);
    }

    @Override
    public StateVector state() {
        return state;
    }

    @Override
    public Round run(int round) {
        long began = System.nanoTime();
        Broadcast<StateVector> start = spark.broadcast(state);
        long broadcast = System.nanoTime();
        try {
            int blocks = shards.rdd().getNumPartitions();
            Collector collector = new Collector(blocks, shards.level());
            spark.sc()
                    .runJob(
                            shards.rdd().rdd(),
                            new BlockTask(worker, start, round, shards.level()),
                            JavaConverters.asScalaBuffer(IntStream.range(0, blocks)
                                            .boxed()
                                            .map(i -> (Object) i)
                                            .toList())
                                    .toSeq(),
                            collector,
                            ClassTag$.MODULE$.apply(RoundResult.class));
            long computed = System.nanoTime();
            RoundResult result = collector.tree.root();
            if (result.state() != null) {
                state = result.state();
            }
            return new Round(
                    round,
                    result,
                    broadcast - began,
                    computed - broadcast,
                    collector.mergeNanos,
                    System.nanoTime() - began);
        } finally {
            start.destroy();
        }
    }

    @Override
    public void close() {
        worker.destroy();
        shards.close();
    }

    /** A block's part of a round, on an executor: its workers one after another, merged as the tree merges them. */
    private static final class BlockTask
            implements Function2<TaskContext, scala.collection.Iterator<Shards.Shard>, RoundResult>, Serializable {
        private static final long serialVersionUID = 1L;
        private final Broadcast<RoundWorker> worker;
        private final Broadcast<StateVector> start;
        private final int round;
        private final int level;

        BlockTask(Broadcast<RoundWorker> worker, Broadcast<StateVector> start, int round, int level) {
            this.worker = worker;
            this.start = start;
            this.round = round;
            this.level = level;
        }

        @Override
        public RoundResult apply(TaskContext task, scala.collection.Iterator<Shards.Shard> shards) {
            int size = 1 << level;
            int first = task.partitionId() * size;
            Iterator<Shards.Shard> mine = JavaConverters.asJavaIterator(shards);
            MergeTree tree = new MergeTree(size, 0);
            int next = 0;
            while (mine.hasNext()) {
                Shards.Shard shard = mine.next();
                for (; next < shard.worker() - first; next++) {
                    tree.add(next, RoundResult.NONE);
                }
                tree.add(next++, worker.value().run(start.value(), shard.worker(), shard.examples(), round));
            }
            for (; next < size; next++) {
                tree.add(next, RoundResult.NONE);
            }
            return tree.root();
        }
    }

    /** Takes the blocks' results as they arrive. Called by one thread of Spark at a time. */
    private static final class Collector implements Function2<Object, RoundResult, BoxedUnit> {
        private final MergeTree tree;
        private long mergeNanos;

        Collector(int blocks, int level) {
            tree = new MergeTree(blocks, level);
        }

        @Override
        public synchronized BoxedUnit apply(Object block, RoundResult result) {
            long began = System.nanoTime();
            tree.add((Integer) block, result);
            mergeNanos += System.nanoTime() - began;
            return BoxedUnit.UNIT;
        }
    }
}

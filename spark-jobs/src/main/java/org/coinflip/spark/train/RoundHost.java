package org.coinflip.spark.train;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.TaskContext;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.kernel.Updating;
import org.coinflip.model.memory.Floats;

/**
 * An executor's side of training. Broadcast once; keeps the executor's memory for states between rounds. What it computes is a
 * function of what it is given, of which what is kept of examples is a part: memory holds nothing else of an earlier round.
 */
final class RoundHost implements Serializable {
    private static final long serialVersionUID = 1L;

    /**
     * A round as tasks are told of it.
     *
     * @param number 0 and up
     * @param broadcast what its states are removed with
     * @param first where the round's first state is; null where executors hand its pieces on to each other
     * @param before the broadcast that what the round before kept of examples is removed with; {@link #NONE} at the start
     * @param kept the broadcast that what this round keeps is removed with; {@link #NONE} where it keeps nothing
     */
    record Start(int number, long broadcast, StateBlocks.Place first, long before, long kept) implements Serializable {
        /** No broadcast. */
        static final long NONE = -1;
    }

    /** A state that was published, and the round in which it may be read. */
    private record Published(int round, Floats state) {}

    private final RoundWorker worker;
    private final int length;
    private final int level;
    private transient StatePool pool;
    private transient FirstState first;
    private transient Queue<Published> published;
    private transient Updating kernels;
    private transient Keeping keeping;

    /**
     * @param length numbers of a state
     * @param level blocks hold 2^level workers
     */
    RoundHost(RoundWorker worker, int length, int level) {
        this.worker = worker;
        this.length = length;
        this.level = level;
        begin();
    }

    private void begin() {
        pool = new StatePool(length);
        first = new FirstState(pool);
        published = new ConcurrentLinkedQueue<>();
        kernels = Backend.updatingKernels();
        keeping = new Keeping(worker.keptPerExample());
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        begin();
    }

    /** A block's part of a round: its workers one after another, merged as the tree merges them. */
    BlockResult run(TaskContext task, Start start, Iterator<Shards.Shard> mine) {
        long began = System.nanoTime();
        recycle(start.number());
        StateBlocks blocks = StateBlocks.here();
        Floats state = first.take(start, blocks);
        try (FlushToZero flushing = worker.kernels().arithmetic().begin()) {
            long loadNanos = System.nanoTime() - began;
            RoundResult result = workers(task.partitionId(), state, start, blocks, mine);
            StateBlocks.Place place = null;
            if (result.state() != null) {
                place = blocks.publish(start.broadcast(), "result" + task.taskAttemptId(), result.state());
                published.add(new Published(start.number(), result.state()));
            }
            return new BlockResult(
                    place, result.withTask(loadNanos, System.nanoTime() - began).without());
        } finally {
            first.giveBack(start);
        }
    }

    private RoundResult workers(int block, Floats state, Start start, StateBlocks blocks, Iterator<Shards.Shard> mine) {
        int size = 1 << level;
        int firstWorker = block * size;
        MergeTree tree = new MergeTree(size, 0, kernels, pool);
        int next = 0;
        while (mine.hasNext()) {
            Shards.Shard shard = mine.next();
            for (; next < shard.worker() - firstWorker; next++) {
                tree.add(next, RoundResult.NONE);
            }
            Floats kept = keeping.take(blocks, start, shard);
            tree.add(next++, worker.run(state, shard.worker(), shard.examples(), start.number(), kept, pool));
            keeping.give(blocks, start, shard.worker(), kept);
        }
        for (; next < size; next++) {
            tree.add(next, RoundResult.NONE);
        }
        return tree.root();
    }

    /** What was published in earlier rounds is free: the driver begins a round when it has read the results of the one before. */
    private void recycle(int round) {
        for (Published old = published.peek(); old != null && old.round() < round; old = published.peek()) {
            if (published.remove(old)) {
                pool.give(old.state());
            }
        }
    }
}

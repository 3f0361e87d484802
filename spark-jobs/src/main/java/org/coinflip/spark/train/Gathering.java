package org.coinflip.spark.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.coinflip.model.memory.Floats;

/**
 * Brings the blocks' results of a round to the driver and merges them. A result is read when it can be merged at once, or while few wait
 * here; the others stay where they were made. So the driver's memory does not grow with the blocks but as their number's logarithm.
 */
final class Gathering {
    /** States that may wait here for their siblings while more results are to come. */
    private static final int WAITING = 4;

    private final MergeTree tree;
    private final StatePool pool;
    private final StateBlocks blocks;
    private final long submittedNanos;
    private final TreeMap<Integer, BlockResult> afar = new TreeMap<>();
    private long leastDelayNanos = Long.MAX_VALUE;
    private long lastArrivalNanos;
    private long mergedNanos;
    private long takenNanos;

    Gathering(MergeTree tree, StatePool pool, StateBlocks blocks, long submittedNanos) {
        this.tree = tree;
        this.pool = pool;
        this.blocks = blocks;
        this.submittedNanos = submittedNanos;
    }

    /**
     * Takes in all results of a job.
     *
     * @param lastTime whether a result that cannot be read fails the round
     * @return the blocks whose results were lost on their way
     */
    List<Integer> gather(RoundJob job, boolean lastTime) {
        List<Integer> lost = new ArrayList<>();
        while (job.hasNext() || !afar.isEmpty()) {
            Integer block = choose(job.hasNext());
            if (block == null) {
                arrived(job.next());
            } else {
                BlockResult result = afar.remove(block);
                long began = System.nanoTime();
                try {
                    tree.add(block, read(result));
                } catch (RuntimeException e) {
                    if (lastTime) {
                        throw e;
                    }
                    lost.add(block);
                }
                takenNanos += System.nanoTime() - began;
            }
            for (RoundJob.Arrival more = job.poll(); more != null; more = job.poll()) {
                arrived(more);
            }
        }
        mergedNanos = System.nanoTime();
        return lost;
    }

    private void arrived(RoundJob.Arrival arrival) {
        lastArrivalNanos = arrival.nanos();
        leastDelayNanos = Math.min(
                leastDelayNanos,
                arrival.nanos()
                        - submittedNanos
                        - arrival.result().told().times().taskNanos());
        afar.put(arrival.block(), arrival.result());
    }

    /** The next to read, null for none before more have come. */
    private Integer choose(boolean moreToCome) {
        if (!moreToCome || tree.waiting() < WAITING) {
            return afar.isEmpty() ? null : afar.firstKey();
        }
        for (Map.Entry<Integer, BlockResult> entry : afar.entrySet()) {
            if (entry.getValue().place() == null || tree.completes(entry.getKey())) {
                return entry.getKey();
            }
        }
        return null;
    }

    private RoundResult read(BlockResult result) {
        if (result.place() == null) {
            return result.told();
        }
        Floats state = pool.take();
        try {
            blocks.read(result.place(), state);
        } catch (RuntimeException e) {
            pool.give(state);
            throw e;
        }
        return result.told().with(state);
    }

    RoundResult result() {
        return tree.root();
    }

    /** From the last result's arrival to the end of merging. */
    long tailNanos() {
        return mergedNanos - lastArrivalNanos;
    }

    /** Spent on reading and merging. */
    long takenNanos() {
        return takenNanos;
    }

    long mergedNanos() {
        return mergedNanos;
    }

    /** The least time by which a result came later than its task took. */
    long leastDelayNanos() {
        return leastDelayNanos;
    }
}

package org.coinflip.spark.averaging;

import java.io.Serializable;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.round.Slice;
import org.coinflip.spark.state.StateBlocks;

/**
 * Where the driver fetches a process's part of a snapshot: names of blocks of Spark's block manager.
 *
 * @param state the state; null from all processes but the first
 * @param memory the process's part of the outer optimiser's memory; null where it has none
 * @param part which part that is; null without memory
 */
record SnapshotPart(StateBlocks.Place state, StateBlocks.Place memory, Slice part) implements Serializable {
    static final SnapshotPart NOTHING = new SnapshotPart(null, null, null);

    /**
     * Publishes a process's part for the driver to read.
     *
     * @param suffix of the blocks' names
     * @param state null where another process leaves it
     * @param memory of the process's slice; null where it has none
     */
    static SnapshotPart publish(StateBlocks blocks, long span, String suffix, Floats state, Floats memory, int from) {
        return new SnapshotPart(
                state == null ? null : blocks.publish(span, "left" + suffix, state),
                memory == null ? null : blocks.publish(span, "memory" + from + suffix, memory),
                memory == null ? null : new Slice(from, memory.length()));
    }

    /** Takes back what was published. */
    void withdraw(StateBlocks blocks) {
        blocks.withdraw(state);
        blocks.withdraw(memory);
    }
}

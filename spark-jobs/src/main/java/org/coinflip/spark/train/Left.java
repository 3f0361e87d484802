package org.coinflip.spark.train;

import java.io.Serializable;
import org.coinflip.model.memory.Floats;

/**
 * Where the driver fetches a process's part of a snapshot: names of blocks of Spark's block manager.
 *
 * @param state the state; null from all crews but the first
 * @param memory the crew's part of the outer optimiser's memory; null where it has none
 * @param part which part that is; null without memory
 */
record Left(StateBlocks.Place state, StateBlocks.Place memory, Slice part) implements Serializable {
    static final Left NOTHING = new Left(null, null, null);

    /**
     * Publishes a process's part for the driver to read.
     *
     * @param suffix of the blocks' names
     * @param state null where another crew leaves it
     * @param memory of the crew's slice; null where it has none
     */
    static Left publish(StateBlocks blocks, long stretch, String suffix, Floats state, Floats memory, int from) {
        return new Left(
                state == null ? null : blocks.publish(stretch, "left" + suffix, state),
                memory == null ? null : blocks.publish(stretch, "memory" + from + suffix, memory),
                memory == null ? null : new Slice(from, memory.length()));
    }

    /** Takes back what was published. */
    void withdraw(StateBlocks blocks) {
        blocks.withdraw(state);
        blocks.withdraw(memory);
    }
}

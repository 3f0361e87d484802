package org.coinflip.spark.train;

import java.io.Serializable;

/**
 * What a task leaves at the end of a stretch.
 *
 * @param end the round after the last that was run
 * @param state where the state is; null from all tasks but the first
 * @param memory where the crew's part of the outer optimiser's memory is; null where it has none, and from all tasks but the crew's first
 * @param part which part that is
 */
record StretchEnd(int end, StateBlocks.Place state, StateBlocks.Place memory, Slice part) implements Serializable {}

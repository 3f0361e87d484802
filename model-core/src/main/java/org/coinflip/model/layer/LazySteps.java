package org.coinflip.model.layer;

import org.coinflip.model.memory.Segment;

/**
 * The steps that an updater owes weights that were not in use, in segments in which the weights of each unit, or expert, lie together. It takes them when it is told that weights are about to be
 * read or accumulated into, in a pass or in a probe of it.
 */
public interface LazySteps {
    /** No updater is at work, or none that owes steps. */
    LazySteps NONE = new LazySteps() {};

    /**
     * Takes those of units, or experts, in use.
     *
     * @param open which, as {@link org.coinflip.model.kernel.operation.Gating} marks them; null for all
     * @param rows of the batch
     */
    default void use(Segment segment, int[] open, int rows) {}

    /** The same where each row of the batch has {@code count} units of its own in use, from {@code first[r]} on. */
    default void use(Segment segment, int[] first, int count, int rows) {}
}

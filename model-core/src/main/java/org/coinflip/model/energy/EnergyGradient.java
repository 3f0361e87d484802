package org.coinflip.model.energy;

import java.util.Map;
import org.coinflip.model.memory.Matrix;

/**
 * How the gradient of J, the cost C at the free fixed point, is had. Immutable and thread-safe; a batch's memory is the
 * relaxation's and the contrast's.
 */
public interface EnergyGradient {
    /**
     * Computes the gradient.
     *
     * @param relaxation at the free fixed point, or as near as its steps went; left anywhere
     * @param targets d, rows × outputs
     * @param sign ±1 with equal chances, the same for the batch; for those that want one
     * @param out modified
     */
    void compute(Relaxation relaxation, Matrix targets, int sign, Contrast out);

    /** Pairs of rates that it contrasts. */
    default int pairs() {
        return 1;
    }

    /** Whether it sums up the gradient of the weights between layers that relax on its way. */
    default boolean sumsProducts() {
        return false;
    }

    /** Whether it holds the outputs at their targets, for which they must be states. */
    default boolean clamps() {
        return false;
    }

    /** Whether it learns from how states change from step to step of the nudged phase. */
    default boolean followsTime() {
        return false;
    }

    /** Whether the free state is one pass up, in which nothing is felt from above, and no fixed point of a relaxation. */
    default boolean feedsForward() {
        return false;
    }

    /** Whether it takes steps of the relaxation, and noise in them is felt. */
    default boolean relaxes() {
        return true;
    }

    /** The keys and values that it is read from. */
    Map<String, Object> write();
}

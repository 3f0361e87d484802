package org.coinflip.spark.train;

import java.io.Serializable;

/**
 * What a block of workers made of a round: their mean state weighted by examples, and sums of what they measured.
 *
 * @param state the mean state; null where no worker of the block had an example in the round, or one diverged
 * @param examples examples taken, the weight
 * @param steps steps taken
 * @param lossSum sum of the examples' losses
 * @param computeNanos time spent in steps, summed over workers
 * @param divergence why a worker stopped, in a line; null where none did
 */
record RoundResult(StateVector state, long examples, long steps, double lossSum, long computeNanos, String divergence)
        implements Serializable {
    /** A block without workers. */
    static final RoundResult NONE = new RoundResult(null, 0, 0, 0, 0, null);

    /**
     * Two blocks as one: {@code (n_a a + n_b b) / (n_a + n_b)}, in double, rounded to float. A side without examples leaves the other
     * as it is, to the bit. This block's state is overwritten.
     */
    RoundResult merge(RoundResult other) {
        String why = divergence != null ? divergence : other.divergence;
        return new RoundResult(
                why != null ? null : mean(other),
                examples + other.examples,
                steps + other.steps,
                lossSum + other.lossSum,
                computeNanos + other.computeNanos,
                why);
    }

    private StateVector mean(RoundResult other) {
        if (other.state == null || state == null) {
            return state == null ? other.state : state;
        }
        float[] a = state.values();
        float[] b = other.state.values();
        double total = examples + other.examples;
        double weightA = examples / total;
        double weightB = other.examples / total;
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) (weightA * a[i] + weightB * b[i]);
        }
        return state;
    }
}

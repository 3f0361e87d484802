package org.coinflip.spark.round;

import java.io.Serializable;
import org.coinflip.model.layer.held.RatioSums;
import org.coinflip.model.memory.Floats;

/**
 * What a block of workers made of a round: their mean state weighted by examples, and sums of what they measured.
 *
 * @param state the mean state; null where no worker of the block had an example in the round, or one diverged
 * @param examples examples taken, the weight
 * @param steps steps taken
 * @param lossSum sum of the examples' losses
 * @param times where time went, summed over workers
 * @param ratios how far steps on the same episodes of a policy have gone from it
 * @param divergence why a worker stopped, in a line; null where none did
 */
public record RoundResult(
        Floats state, long examples, long steps, double lossSum, WorkTimes times, RatioSums ratios, String divergence)
        implements Serializable {
    /** A block without workers. */
    static final RoundResult NONE = new RoundResult(null, 0, 0, 0, WorkTimes.NONE, null);

    /** Of steps of which each has its own examples. */
    public RoundResult(Floats state, long examples, long steps, double lossSum, WorkTimes times, String divergence) {
        this(state, examples, steps, lossSum, times, RatioSums.NONE, divergence);
    }

    /**
     * Two blocks as one: {@code (n_a a + n_b b) / (n_a + n_b)}, in double, rounded to float. A side without examples leaves the other
     * as it is, to the bit. Both states are used up: one is overwritten with the mean.
     */
    RoundResult merge(RoundResult other, Merging merging) {
        String why = divergence != null ? divergence : other.divergence;
        return new RoundResult(
                why != null ? null : mean(other, merging),
                examples + other.examples,
                steps + other.steps,
                lossSum + other.lossSum,
                times.plus(other.times),
                ratios.plus(other.ratios),
                why);
    }

    /**
     * The same with the time of the task that made it.
     *
     * @param loadNanos of it, what no worker told of
     */
    public RoundResult withTask(long loadNanos, long taskNanos) {
        WorkTimes whole = new WorkTimes(times.loadNanos() + loadNanos, times.stepNanos(), taskNanos);
        return new RoundResult(state, examples, steps, lossSum, whole, ratios, divergence);
    }

    private Floats mean(RoundResult other, Merging merging) {
        if (other.state == null || state == null) {
            return state == null ? other.state : state;
        }
        double total = examples + other.examples;
        merging.mean(state, examples / total, other.state, other.examples / total);
        return state;
    }

    /** The same without the state, which goes its own way. */
    public RoundResult without() {
        return with(null);
    }

    /** The same with a state. */
    public RoundResult with(Floats other) {
        return new RoundResult(other, examples, steps, lossSum, times, ratios, divergence);
    }
}

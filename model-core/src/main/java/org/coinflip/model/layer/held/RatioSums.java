package org.coinflip.model.layer.held;

import java.io.Serializable;

/**
 * How far steps on the same samples have gone from the parameters that drew them: sums over all steps but the first.
 *
 * @param rows rows, of a policy its episodes' steps, each as often as it was learned from again
 * @param ratio sum of r = π_θ(h|x) / π_old(h|x) over them
 * @param logRatio sum of log r over them
 * @param gradients estimates, one of every row and column of stochastic units
 * @param clipped those that were set to 0
 */
public record RatioSums(long rows, double ratio, double logRatio, long gradients, long clipped)
        implements Serializable {
    /** Of one step. */
    public static final RatioSums NONE = new RatioSums(0, 0, 0, 0, 0);

    public RatioSums plus(RatioSums other) {
        return new RatioSums(
                rows + other.rows,
                ratio + other.ratio,
                logRatio + other.logRatio,
                gradients + other.gradients,
                clipped + other.clipped);
    }

    /** Mean of r, which is 1 where the samples are many and the policies near each other. */
    public double meanRatio() {
        return ratio / rows;
    }

    /** Mean of log r: about minus KL(π_old ‖ π_θ), greater where the episodes are few, for these are what was learned from. */
    public double meanLogRatio() {
        return logRatio / rows;
    }

    /** Part of the estimates that were set to 0. */
    public double clippedFraction() {
        return (double) clipped / gradients;
    }
}

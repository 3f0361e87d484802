package org.coinflip.model.estimator;

import java.util.Optional;

/** A gradient estimator at work at one site. Belongs to the site's thread; allocates nothing once made. */
public interface Estimation {
    /** Draws the samples, independently unless the estimator couples them. */
    default void sample(Site site) {
        site.drawIndependently();
    }

    /** Combines the losses of a row's samples, where that is not to be their mean. */
    default void combine(Site site) {}

    /** Writes the estimate to {@link Site#logitGradient}, which may take the place of {@link Site#upstream}. Learns nothing. */
    void estimate(Site site);

    /**
     * What the last {@link #estimate} held against the loss of a sample, for people: D numbers, the baseline of each unit. Empty where nothing is
     * held against it, or no such numbers.
     *
     * @param sample row of the samples
     */
    default Optional<float[]> baselines(Site site, int sample) {
        return Optional.empty();
    }

    /** Takes the batch into what the estimator learns, after the estimate was made: the next batch's baselines know this one. */
    default void learn(Site site) {}
}

package org.coinflip.spark.sweep.sampler;

import org.coinflip.spark.sweep.space.Configuration;

/**
 * Chooses configurations one after another. {@link #configuration} is called with ascending numbers, and gives the same answer whenever
 * the seed and the results observed before are the same, whatever ran where and when. Not thread-safe.
 */
public interface Sampler {
    /** How many configurations there are; {@link Long#MAX_VALUE} where there is no end. */
    long size();

    /**
     * The configuration with this number, 0 and up.
     *
     * @throws org.coinflip.model.error.UsageException where none keeps the constraints
     */
    Configuration configuration(int number);

    /**
     * Takes what became of a configuration.
     *
     * @param value its metric, to be minimised; NaN where it failed
     * @param resource what was spent on it: results at more are worth more
     */
    default void observe(Configuration configuration, double value, int resource) {}

    /** Whether results change what comes next. */
    default boolean learns() {
        return false;
    }
}

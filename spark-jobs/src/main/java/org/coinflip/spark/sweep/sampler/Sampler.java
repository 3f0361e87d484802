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
     * @param resource the rung that it was taken to: values are compared within one
     */
    default void observe(Configuration configuration, Measured measured, int resource) {}

    /** Whether it weighs several objectives; otherwise it sees the first alone. */
    default boolean weighsObjectives() {
        return false;
    }

    /**
     * Takes a result of another sweep, before the first configuration is asked for; those that do not learn have no use for it.
     *
     * @param value its metric, to be minimised; NaN where it failed
     * @param resource as {@link #observe} takes it
     */
    default void believe(Configuration configuration, double value, int resource) {}

    /** Whether results change what comes next. */
    default boolean learns() {
        return false;
    }
}

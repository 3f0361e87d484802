package org.coinflip.spark.sweep.scheduler;

/**
 * One thing to do: take a configuration to a rung.
 *
 * @param configuration its number
 * @param rung 0 for its start
 */
public record Step(int configuration, int rung) {}

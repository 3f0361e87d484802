package org.coinflip.spark.tracking;

/**
 * A number at a step of a training.
 *
 * @param name such as {@code valid.error}
 * @param step steps done
 * @param millis when it was measured, since 1970
 */
public record Point(String name, double value, long step, long millis) {}

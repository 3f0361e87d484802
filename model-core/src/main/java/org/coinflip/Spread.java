package org.coinflip;

/**
 * An example's prediction over several draws of the stochastic units.
 *
 * @param mean of each output: the prediction
 * @param deviation standard deviation of each output from draw to draw (divisor draws − 1); the standard error of {@code mean} is this
 *     by the root of the draws
 */
public record Spread(float[] mean, float[] deviation) {}

package org.coinflip.model.memory;

/**
 * Numbers that a layer or an estimator learns besides the trained parameters: what a {@link Segment} of statistics holds and starts
 * from.
 *
 * @param name unique in its layer
 * @param rows 1 for a vector
 * @param columns numbers a row
 * @param initial what every number starts from
 * @param bound half-width of the uniform numbers that are added to that, as weights need; 0 for none
 */
public record Statistic(String name, int rows, int columns, float initial, double bound) {
    /** A vector of equal numbers. */
    public static Statistic vector(String name, int length, float initial) {
        return new Statistic(name, 1, length, initial, 0);
    }
}

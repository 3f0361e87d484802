package org.coinflip.spark.sweep.result;

/**
 * What is optimised.
 *
 * @param metric of a trial
 * @param maximised whether more of it is better
 */
public record Objective(String metric, boolean maximised) {
    /** The value to be minimised. */
    public double minimised(double value) {
        return maximised ? -value : value;
    }

    @Override
    public String toString() {
        return (maximised ? "max " : "min ") + metric;
    }
}

package org.coinflip.model.memory;

/**
 * A named part of a {@link State}: a row-major matrix, or a vector with one row.
 *
 * @param name unique, such as {@code layer0.weights}
 * @param role what it is, and so how it is updated and merged
 * @param offset first number's place in the state
 * @param rows 1 for a vector
 * @param columns numbers a row
 * @param stride numbers from one row's start to the next's: columns, or more in a {@linkplain Layout#padded padded layout}
 * @param rateScale factor on the learning rate of these parameters
 */
public record Segment(String name, Role role, int offset, int rows, int columns, int stride, double rateScale) {
    /** What a segment holds. All are merged as means weighted by examples. */
    public enum Role {
        /** Connection weights, inputs × units: decayed and norm-limited where asked. */
        WEIGHTS,
        /** Connection weights, units × inputs: a unit's lie side by side. */
        WEIGHTS_BY_UNIT,
        /** Other trained parameters. */
        BIASES,
        /** What an estimator or a layer learns besides: baselines, running statistics. */
        STATISTICS,
        /** An updater's memory. */
        UPDATER
    }

    /** Numbers that it takes of a state, padding included. */
    public int length() {
        return rows * stride;
    }

    /** Numbers that it holds. */
    public int count() {
        return rows * columns;
    }

    /** The same elsewhere. */
    Segment at(int offset, int stride) {
        return new Segment(name, role, offset, rows, columns, stride, rateScale);
    }

    public boolean isParameter() {
        return areWeights() || role == Role.BIASES;
    }

    public boolean areWeights() {
        return role == Role.WEIGHTS || role == Role.WEIGHTS_BY_UNIT;
    }
}

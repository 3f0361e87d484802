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
 * @param blocks matrices of equally many rows that lie one under the other in it; 1 unless they are of experts
 */
public record Segment(
        String name, Role role, int offset, int rows, int columns, int stride, double rateScale, int blocks) {
    /** A segment of one matrix. */
    public Segment(String name, Role role, int offset, int rows, int columns, int stride, double rateScale) {
        this(name, role, offset, rows, columns, stride, rateScale, 1);
    }

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
        UPDATER,
        /** Where steps are taken, while the parameters are an average of it. */
        ITERATE
    }

    /** One of its matrices. */
    public Segment block(int number) {
        int each = rows / blocks;
        return new Segment(name, role, offset + number * each * stride, each, columns, stride, rateScale);
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
        return new Segment(name, role, offset, rows, columns, stride, rateScale, blocks);
    }

    public boolean isParameter() {
        return areWeights() || role == Role.BIASES;
    }

    /** Whether it is a vector laid out as all parameters. */
    boolean isLikeParameters() {
        return role == Role.UPDATER || role == Role.ITERATE;
    }

    public boolean areWeights() {
        return role == Role.WEIGHTS || role == Role.WEIGHTS_BY_UNIT;
    }
}

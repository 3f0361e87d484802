package org.coinflip.spark.study.estimators;

import java.io.Serializable;
import org.coinflip.model.memory.Matrix;

/**
 * Moments of estimates of one gradient, unit by unit: sums of the powers of their differences from a centre, in the order that they come.
 */
final class Moments implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int POWERS = 4;

    private final double[] centre;
    private final double norm;
    private final double[][] sums;
    private final long[] seen;
    private double cosines;
    private long count;
    private long nanos;

    /** @param centre the exact gradient; zeros where it is not known */
    Moments(double[] centre) {
        this.centre = centre.clone();
        this.sums = new double[centre.length][POWERS];
        this.seen = new long[centre.length];
        double squares = 0;
        for (double value : centre) {
            squares += value * value;
        }
        norm = Math.sqrt(squares);
    }

    /** Takes one estimate, a row of the matrix. */
    void add(Matrix estimates, int row) {
        count++;
        double product = 0;
        double squares = 0;
        for (int i = 0; i < centre.length; i++) {
            double estimate = estimates.get(row, i);
            product += estimate * centre[i];
            squares += estimate * estimate;
            seen[i] += Math.abs(estimate) > CertificateRow.ROUNDING ? 1 : 0;
            double power = 1;
            for (int k = 0; k < POWERS; k++) {
                power *= estimate - centre[i];
                sums[i][k] += power;
            }
        }
        cosines += squares > 0 && norm > 0 ? product / (Math.sqrt(squares) * norm) : 0;
    }

    void addNanos(long more) {
        nanos += more;
    }

    long count() {
        return count;
    }

    /** Estimates that are not 0, but for rounding. */
    long seen(int unit) {
        return seen[unit];
    }

    double centre(int unit) {
        return centre[unit];
    }

    double mean(int unit) {
        return centre[unit] + raw(unit, 1);
    }

    /** Of one estimate. */
    double variance(int unit) {
        double bias = raw(unit, 1);
        return Math.max(0, raw(unit, 2) - bias * bias) * count / (count - 1);
    }

    /** Of the mean. */
    double standardError(int unit) {
        return Math.sqrt(variance(unit) / count);
    }

    /** Of the variance: √((m₄ − m₂² (N − 3) / (N − 1)) / N), whose second part counts where estimates have two values of equal probability. */
    double varianceError(int unit) {
        double d = raw(unit, 1);
        double second = raw(unit, 2) - d * d;
        double fourth = raw(unit, 4) - 4 * d * raw(unit, 3) + 6 * d * d * raw(unit, 2) - 3 * d * d * d * d;
        return Math.sqrt((Math.max(0, fourth - second * second) + 2 * second * second / (count - 1)) / count);
    }

    /** About the centre. */
    double meanSquaredError(int unit) {
        return raw(unit, 2);
    }

    /** Mean cosine of the angle between an estimate and the centre, 0 for an estimate that is 0. */
    double cosine() {
        return cosines / count;
    }

    double nanosPerEstimate() {
        return (double) nanos / count;
    }

    private double raw(int unit, int power) {
        return sums[unit][power - 1] / count;
    }
}

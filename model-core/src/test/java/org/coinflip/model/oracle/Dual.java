package org.coinflip.model.oracle;

import java.util.Random;

/**
 * A number and its derivatives with respect to some others, carried along in double precision (forward mode). With a source of disturbance every
 * operation is off by what single precision may round.
 */
public final class Dual {
    private final double value;
    private final double[] derivatives;
    private final Random disturbance;

    private Dual(double value, double[] derivatives, Random disturbance) {
        this.value = value;
        this.derivatives = derivatives;
        this.disturbance = disturbance;
    }

    /**
     * One of the numbers that derivatives are taken with respect to.
     *
     * @param index its place among them
     * @param count how many there are
     * @param disturbance of what is computed from it; null for none
     */
    public static Dual variable(double value, int index, int count, Random disturbance) {
        double[] derivatives = new double[count];
        derivatives[index] = 1;
        return new Dual(value, derivatives, disturbance);
    }

    public static Dual constant(double value, int count, Random disturbance) {
        return new Dual(value, new double[count], disturbance);
    }

    public double value() {
        return value;
    }

    public double[] derivatives() {
        return derivatives.clone();
    }

    /** The same number, of which nothing depends on the variables. */
    public Dual detached() {
        return new Dual(value, new double[derivatives.length], disturbance);
    }

    public Dual plus(Dual other) {
        return combined(value + other.value, 1, other, 1);
    }

    public Dual minus(Dual other) {
        return combined(value - other.value, 1, other, -1);
    }

    public Dual times(Dual other) {
        return combined(value * other.value, other.value, other, value);
    }

    public Dual times(double factor) {
        return mapped(value * factor, factor, 1);
    }

    /** 1 less this. */
    public Dual rest() {
        return mapped(1 - value, -1, 1);
    }

    public Dual tanh() {
        double y = Math.tanh(value);
        return mapped(y, 1 - y * y, Rounding.FUNCTION);
    }

    public Dual sigmoid() {
        double y = 1 / (1 + Math.exp(-value));
        return mapped(y, y * (1 - y), Rounding.FUNCTION);
    }

    public Dual relu() {
        return mapped(Math.max(value, 0), value > 0 ? 1 : 0, 0);
    }

    public Dual exp() {
        double y = Math.exp(value);
        return mapped(y, y, Rounding.FUNCTION);
    }

    public Dual log() {
        return mapped(Math.log(value), 1 / value, Rounding.FUNCTION);
    }

    private Dual mapped(double result, double slope, int roundings) {
        double[] all = new double[derivatives.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = rounded(slope * derivatives[i], roundings + 1);
        }
        return new Dual(rounded(result, roundings), all, disturbance);
    }

    private Dual combined(double result, double mine, Dual other, double theirs) {
        double[] all = new double[derivatives.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = rounded(mine * derivatives[i] + theirs * other.derivatives[i], 2);
        }
        return new Dual(rounded(result, 1), all, disturbance);
    }

    private double rounded(double exact, int roundings) {
        return disturbance == null
                ? exact
                : exact * (1 + (2 * disturbance.nextDouble() - 1) * Rounding.gamma(roundings));
    }
}

package org.coinflip.model.oracle;

import java.util.Random;
import java.util.function.Function;

/**
 * What single precision may be off by: the tolerances of tests that hold it against double precision, or against the same numbers from
 * another library. An operation gives its exact result times 1 + δ with |δ| ≤ u = 2⁻²⁴, n of them one after another times 1 + θ with
 * |θ| ≤ γ_n = n u / (1 − n u): in any order, with fused operations or without, so that what is counted here holds on every processor. Two results
 * of single precision are off from each other by twice that.
 *
 * <p>Higham (2002), "Accuracy and Stability of Numerical Algorithms", sections 2.2, 3.1 and 3.4.
 */
public final class Rounding {
    /** u. */
    public static final double UNIT = 0x1p-24;

    /** Roundings that a function of the kernels stands for: it is held to three units in the last place, of 2u each. */
    public static final int FUNCTION = 6;

    private static final int RUNS = 10;

    private Rounding() {}

    /** γ_n. */
    public static double gamma(int roundings) {
        return roundings * UNIT / (1 - roundings * UNIT);
    }

    /**
     * What a result is off by after so many roundings.
     *
     * @param magnitude the result with no term cancelling another: of a sum Σ|a|, of a dot product Σ|a||b|
     */
    public static double of(int roundings, double magnitude) {
        return gamma(roundings) * Math.abs(magnitude);
    }

    /** What a dot product of n terms is off by: γ_n Σ|a||b|. */
    public static double dot(int terms, double magnitude) {
        return of(terms, magnitude);
    }

    /** Roundings from an input to an output through dense layers: a dot product, a bias and a function each. */
    public static int forward(int... widths) {
        int roundings = 0;
        for (int l = 1; l < widths.length; l++) {
            roundings += widths[l - 1] + 1 + FUNCTION;
        }
        return roundings;
    }

    /** Roundings from an input to the gradient of any weight through dense layers and back, for the mean of a batch. */
    public static int gradient(int batch, int... widths) {
        int roundings = forward(widths) + batch + 1;
        for (int l = 1; l < widths.length; l++) {
            roundings += widths[l] + FUNCTION;
        }
        return roundings;
    }

    /**
     * What a computation in double precision moves by, number for number, when what single precision would round is changed at random: its
     * conditioning, where errors of one step go through the next. The greatest of {@value #RUNS} runs, and as much again for the runs that
     * were not made.
     *
     * @param exact the undisturbed results
     * @param disturbed the results when every number that is rounded is multiplied by 1 ± a bound on its rounding, at random
     */
    public static double[] conditioning(double[] exact, Function<Random, double[]> disturbed) {
        double[] greatest = new double[exact.length];
        for (int run = 0; run < RUNS; run++) {
            double[] found = disturbed.apply(new Random(run));
            for (int i = 0; i < exact.length; i++) {
                greatest[i] = Math.max(greatest[i], 2 * Math.abs(found[i] - exact[i]));
            }
        }
        return greatest;
    }
}

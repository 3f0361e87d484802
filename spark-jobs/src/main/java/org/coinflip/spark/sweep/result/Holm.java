package org.coinflip.spark.sweep.result;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Tests several hypotheses with one error rate for all: the smallest of m p-values is held to α / m, the next to α / (m − 1), and so on until one
 * is too large. The probability that any true hypothesis is rejected is at most α, however the tests depend on each other.
 *
 * <p>Holm (1979), "A simple sequentially rejective multiple test procedure".
 */
final class Holm {
    private Holm() {}

    /**
     * Which hypotheses are rejected.
     *
     * @param p their p-values; NaN for one that is not tested, which counts for nothing
     * @param alpha the family-wise error rate
     */
    static boolean[] rejected(double[] p, double alpha) {
        boolean[] rejected = new boolean[p.length];
        Integer[] order = new Integer[p.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> p[i]));
        int left = (int) Arrays.stream(p).filter(each -> !Double.isNaN(each)).count();
        for (int i : order) {
            if (Double.isNaN(p[i]) || p[i] > alpha / left) {
                break;
            }
            rejected[i] = true;
            left--;
        }
        return rejected;
    }
}

package org.coinflip.spark.study.curvature;

/**
 * What one example computes, by layer and unit; reused for the next.
 *
 * @param y outputs, of the top layer its logits
 * @param tanh of u
 * @param delta the loss's derivatives by u
 * @param back the loss's derivatives by y
 */
record Trace(double[][] y, double[][] tanh, double[][] delta, double[][] back) {
    /** For a network of so many units a layer. */
    Trace(int[] widths) {
        this(rows(widths), rows(widths), rows(widths), rows(widths));
    }

    /** A row for every layer. */
    static double[][] rows(int[] widths) {
        double[][] rows = new double[widths.length][];
        for (int l = 0; l < widths.length; l++) {
            rows[l] = new double[widths[l]];
        }
        return rows;
    }
}

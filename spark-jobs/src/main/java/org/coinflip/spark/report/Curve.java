package org.coinflip.spark.report;

import java.util.Arrays;

/**
 * One curve of a chart.
 *
 * @param label what the legend calls it
 * @param sparse measured now and then: its points are shown and joined across the rounds between; otherwise a value that is missing
 *     breaks the curve
 * @param y one value at each x of the chart, NaN where there is none
 */
record Curve(String label, boolean sparse, double[] y) {
    boolean isEmpty() {
        return Arrays.stream(y).noneMatch(Double::isFinite);
    }

    /** The curve at some of its points. */
    Curve at(int[] indices) {
        return new Curve(
                label, sparse, Arrays.stream(indices).mapToDouble(i -> y[i]).toArray());
    }
}

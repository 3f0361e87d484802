package org.coinflip.spark.report;

import java.util.Arrays;
import java.util.List;

/**
 * One curve of a chart.
 *
 * @param label what the legend calls it
 * @param sparse measured now and then: its points are shown and joined across the rounds between; otherwise a value that is missing
 *     breaks the curve
 * @param y one value at each x of the chart, NaN where there is none
 */
record Curve(String label, boolean sparse, List<Double> y) {
    boolean isEmpty() {
        return y.stream().noneMatch(Double::isFinite);
    }

    /** The curve at some of its points. */
    Curve at(int[] indices) {
        return new Curve(label, sparse, Arrays.stream(indices).mapToObj(y::get).toList());
    }
}

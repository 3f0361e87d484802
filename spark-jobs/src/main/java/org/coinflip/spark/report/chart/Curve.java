package org.coinflip.spark.report.chart;

import java.util.Arrays;
import java.util.List;

/**
 * One curve of a chart.
 *
 * @param label what the legend calls it
 * @param sparse measured now and then: its points are shown and joined across the rounds between; otherwise a value that is missing
 *     breaks the curve
 * @param y one value at each x of the chart, NaN where there is none
 * @param errors half-lengths of error bars, one for each value, or none
 */
public record Curve(String label, boolean sparse, List<Double> y, List<Double> errors) {
    public Curve(String label, boolean sparse, List<Double> y) {
        this(label, sparse, y, List.of());
    }

    public boolean isEmpty() {
        return y.stream().noneMatch(Double::isFinite);
    }

    /** The curve at some of its points. */
    Curve at(int[] indices) {
        return new Curve(label, sparse, at(y, indices), errors.isEmpty() ? errors : at(errors, indices));
    }

    private static List<Double> at(List<Double> values, int[] indices) {
        return Arrays.stream(indices).mapToObj(values::get).toList();
    }
}

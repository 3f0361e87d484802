package org.coinflip.spark.report.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A chart: curves over one abscissa.
 *
 * @param note a line under the title, empty where there is nothing to add
 * @param yLabel with its unit
 * @param style how the curves are drawn
 */
public record Chart(String title, String note, Abscissa x, String yLabel, Style style, List<Curve> curves) {
    private static final int MOST_POINTS = 1500;
    private static final int MOST_VALUES = 30_000;
    private static final int DIGITS = 6;

    /** How the curves of a chart are drawn. */
    public enum Style {
        LINES,
        /** The axis of y is logarithmic; values that are not positive are left out. */
        LOGARITHMIC,
        /** Each curve stands on the one before. */
        STACKED,
        /** Bars of equal width, x their middles, that share out [0, 1]. */
        HISTOGRAM
    }

    /**
     * A chart as the script in the page reads it; null where there is no value.
     *
     * @param group charts of one group show the same x under the pointer
     */
    public record Drawing(String group, String xLabel, String yLabel, String style, List<Double> x, List<Line> lines) {}

    public record Line(String label, boolean sparse, List<Double> y, List<Double> errors) {}

    /** The chart without the curves that have no value. */
    public Chart withoutEmptyCurves() {
        List<Curve> filled = curves.stream().filter(curve -> !curve.isEmpty()).toList();
        return new Chart(title, note, x, yLabel, style, filled);
    }

    /** The chart with as few points as a page holds and a screen shows, and a note that says so if any went. */
    public Chart thinned() {
        int points = Math.min(MOST_POINTS, MOST_VALUES / (1 + curves.size()));
        int rounds = x.values().size();
        if (rounds <= points) {
            return this;
        }
        int[] kept = Thinning.kept(curves, points);
        String thinning = "Drawn: " + Numbers.count(kept.length) + " of " + Numbers.count(rounds)
                + " rounds, the least and the greatest values of each stretch.";
        return new Chart(
                title,
                note.isEmpty() ? thinning : note + " " + thinning,
                new Abscissa(
                        x.label(), Arrays.stream(kept).mapToObj(x.values()::get).toList()),
                yLabel,
                style,
                curves.stream().map(curve -> curve.at(kept)).toList());
    }

    public Drawing drawing() {
        List<Line> lines = curves.stream()
                .map(curve -> new Line(
                        curve.label(),
                        curve.sparse(),
                        written(curve.y(), style == Style.LOGARITHMIC),
                        written(curve.errors(), false)))
                .toList();
        return new Drawing(x.label(), x.label(), yLabel, style.name(), written(x.values(), false), lines);
    }

    /** The values to the digits that a screen shows; null for those that cannot be drawn. */
    private static List<Double> written(List<Double> values, boolean positive) {
        List<Double> written = new ArrayList<>(values.size());
        for (double value : values) {
            boolean drawable = Double.isFinite(value) && (!positive || value > 0);
            written.add(drawable ? Double.valueOf(Numbers.rounded(value, DIGITS)) : null);
        }
        return written;
    }
}

package org.coinflip.spark.sweep.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.coinflip.spark.report.chart.Numbers;

/**
 * A number of the best configuration that is the least or the greatest that was tried: what is beyond may be better, and a comparison of such
 * is one of searches that were cut off.
 *
 * @param axis whose number it is
 * @param value the number
 * @param greatest whether it is the greatest; otherwise the least
 * @param tried how many different ones were tried
 */
public record Border(String axis, double value, boolean greatest, int tried) {
    /** Of fewer values most are at an end. */
    private static final int LEAST_TRIED = 3;

    /** In words, such as {@code rate 0.1 is the greatest of 3}. @param name what the axis is called */
    public String says(String name) {
        return name + " " + Numbers.figure(value) + " is the " + (greatest ? "greatest" : "least") + " of " + tried;
    }

    /**
     * The axes of a configuration that are at a border.
     *
     * @param best its values
     * @param rows what was tried, failures included
     */
    static List<Border> of(Map<String, Object> best, List<TrialRow> rows) {
        List<Border> borders = new ArrayList<>();
        new TreeMap<>(best).forEach((axis, value) -> {
            double[] tried = rows.stream()
                    .map(row -> row.values().get(axis))
                    .filter(Number.class::isInstance)
                    .mapToDouble(number -> ((Number) number).doubleValue())
                    .distinct()
                    .sorted()
                    .toArray();
            if (value instanceof Number number && tried.length >= LEAST_TRIED) {
                double mine = number.doubleValue();
                boolean greatest = mine == tried[tried.length - 1];
                if (greatest || mine == tried[0]) {
                    borders.add(new Border(axis, mine, greatest, tried.length));
                }
            }
        });
        return borders;
    }
}

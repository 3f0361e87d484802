package org.coinflip.spark.sweep.report;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where an axis of results begins and ends, so that a few trainings that went wrong do not press all others flat. It always holds the
 * best. Towards the worse it ends at Tukey's outer reach, {@value #REACH} quartile distances beyond the worse quartile, where some value is
 * beyond that.
 *
 * <p>Tukey (1977), "Exploratory Data Analysis".
 *
 * @param low lower end, a little below the least value shown
 * @param high upper end
 * @param outside how many values are beyond
 * @param of how many there are
 */
record AxisRange(double low, double high, int outside, int of) {
    private static final double REACH = 1.5;
    private static final double PAD = 0.05;
    /** Of the greatest number: less is rounding. */
    private static final double LEAST_WIDTH = 1e-9;

    /**
     * The range of some values.
     *
     * @param values those that are not finite do not count; not modified
     * @param maximised whether the greatest is the best
     * @return null where no value is finite
     */
    static AxisRange of(double[] values, boolean maximised) {
        double sign = maximised ? -1 : 1;
        double[] sorted = Arrays.stream(values)
                .filter(Double::isFinite)
                .map(value -> sign * value)
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return null;
        }
        double best = sorted[0];
        double worst = sorted[sorted.length - 1];
        double upper = quantile(sorted, 0.75);
        double fence = upper + REACH * (upper - quantile(sorted, 0.25));
        double end = fence > best ? Math.min(worst, fence) : worst;
        double low = Math.min(sign * best, sign * end);
        double high = Math.max(sign * best, sign * end);
        double size = Math.max(Math.abs(low), Math.abs(high));
        double pad = PAD * (high - low > LEAST_WIDTH * size ? high - low : size == 0 ? 1 : size);
        double from = low >= 0 ? Math.max(0, low - pad) : low - pad;
        double to = high + pad;
        int outside = (int) Arrays.stream(sorted)
                .map(value -> sign * value)
                .filter(value -> value < from || value > to)
                .count();
        return new AxisRange(from, to, outside, sorted.length);
    }

    private static double quantile(double[] sorted, double part) {
        return sorted[(int) Math.round(part * (sorted.length - 1))];
    }

    /** For the script. */
    Map<String, Object> asMap() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("low", low);
        keys.put("high", high);
        keys.put("outside", outside);
        keys.put("of", of);
        return keys;
    }
}

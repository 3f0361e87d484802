package org.coinflip.spark.sweep.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.coinflip.spark.report.chart.Numbers;

/**
 * How the values of an axis lie beside each other: options one after another, numbers between the least and the greatest.
 *
 * @param options in order; empty for an axis of numbers
 * @param low the least number
 * @param high the greatest number
 * @param isLogarithmic whether numbers lie by their logarithms
 */
record AxisScale(List<Object> options, double low, double high, boolean isLogarithmic) {
    /** Numbers of which there are no more than this are options. */
    private static final int FEW = 8;

    /**
     * The scale of what was tried.
     *
     * @param values none of them null, not modified
     * @param logarithmic whether the law of the axis is logarithmic
     */
    static AxisScale of(List<Object> values, boolean logarithmic) {
        List<Object> different = values.stream()
                .map(AxisScale::cell)
                .distinct()
                .sorted(Comparator.comparingDouble(AxisScale::number).thenComparing(String::valueOf))
                .toList();
        boolean numbers = different.stream().allMatch(Number.class::isInstance);
        if (!numbers || different.size() <= FEW) {
            return new AxisScale(different, Double.NaN, Double.NaN, false);
        }
        double least = number(different.get(0));
        return new AxisScale(List.of(), least, number(different.get(different.size() - 1)), logarithmic && least > 0);
    }

    /** A value as pages hold it: a number that is as short as a picture needs it, or text. */
    static Object cell(Object value) {
        if (value instanceof Double || value instanceof Float) {
            Double rounded = Rounded.of(((Number) value).doubleValue());
            return rounded == null ? String.valueOf(value) : rounded;
        }
        return value == null || value instanceof Number ? value : String.valueOf(value);
    }

    private static double number(Object value) {
        return value instanceof Number number ? number.doubleValue() : Double.POSITIVE_INFINITY;
    }

    boolean hasOptions() {
        return !options.isEmpty();
    }

    /**
     * How many groups values fall into.
     *
     * @param bins of numbers
     */
    int groups(int bins) {
        return hasOptions() ? options.size() : bins;
    }

    /**
     * The group of a value.
     *
     * @param bins of numbers, of equal width
     */
    int group(Object value, int bins) {
        if (hasOptions()) {
            return options.indexOf(cell(value));
        }
        double part = (coordinate(number(cell(value))) - coordinate(low)) / (coordinate(high) - coordinate(low));
        return (int) Math.min(bins - 1.0, Math.floor(bins * part));
    }

    /** The value in the middle of a group of numbers; of options the option's place. */
    double middle(int group, int bins) {
        return hasOptions() ? group : at((group + 0.5) / bins);
    }

    /** What the groups are called. */
    List<String> labels(int bins) {
        List<String> labels = new ArrayList<>();
        for (int group = 0; group < groups(bins); group++) {
            labels.add(
                    hasOptions()
                            ? label(options.get(group))
                            : brief(at((double) group / bins)) + " to " + brief(at((group + 1.0) / bins)));
        }
        return labels;
    }

    private static String label(Object option) {
        return option instanceof Double number ? Numbers.figure(number) : String.valueOf(option);
    }

    private static String brief(double value) {
        return Numbers.figure(Double.parseDouble(Numbers.rounded(value, 2)));
    }

    private double coordinate(double value) {
        return isLogarithmic ? StrictMath.log(value) : value;
    }

    private double at(double part) {
        double coordinate = coordinate(low) + part * (coordinate(high) - coordinate(low));
        return isLogarithmic ? StrictMath.exp(coordinate) : coordinate;
    }
}

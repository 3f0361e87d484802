package org.coinflip.spark.sweep.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.spark.sweep.result.Importance;
import org.coinflip.spark.sweep.result.SweepResult;

/**
 * The result at a rung against each axis: the scale of the axis and medians along it. The points themselves are the page's rows.
 */
final class SlicesDrawing {
    private static final int MOST_SLICES = 24;
    private static final int BINS = 10;
    private static final int LEAST_OF_A_MEDIAN = 3;

    private SlicesDrawing() {}

    /** The data of the pictures, the most important axis first; null where there are no results. */
    static Map<String, Object> of(Reached reached, SweepResult result) {
        AxisRange range = AxisRange.of(reached.values(), result.maximised());
        if (range == null || result.table().axes().isEmpty()) {
            return null;
        }
        List<String> axes = new ArrayList<>(
                result.importance().stream().map(Importance::axis).toList());
        result.table().axes().stream().filter(axis -> !axes.contains(axis)).forEach(axes::add);
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("range", range.asMap());
        data.put("order", axes);
        data.put(
                "slices",
                axes.stream()
                        .limit(MOST_SLICES)
                        .map(axis -> slice(axis, reached, result))
                        .toList());
        return data;
    }

    private static Map<String, Object> slice(String axis, Reached reached, SweepResult result) {
        List<Object> tried = result.table().rows().stream()
                .map(row -> row.values().get(axis))
                .filter(value -> value != null)
                .toList();
        AxisScale scale = AxisScale.of(tried, result.logarithmic().contains(axis));
        List<List<Double>> groups = new ArrayList<>();
        for (int i = 0; i < scale.groups(BINS); i++) {
            groups.add(new ArrayList<>());
        }
        reached.entries().stream()
                .filter(entry -> entry.hasValue() && entry.row().values().get(axis) != null)
                .forEach(entry -> groups.get(scale.group(entry.row().values().get(axis), BINS))
                        .add(entry.value()));
        List<List<Double>> medians = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i).size() >= LEAST_OF_A_MEDIAN) {
                medians.add(Arrays.asList(Rounded.of(scale.middle(i, BINS)), Rounded.of(median(groups.get(i)))));
            }
        }
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("axis", axis);
        keys.put("options", scale.options());
        keys.put("low", Rounded.of(scale.low()));
        keys.put("high", Rounded.of(scale.high()));
        keys.put("logarithmic", scale.isLogarithmic());
        keys.put("medians", medians);
        return keys;
    }

    /** The middle value; of an even number the mean of the two in the middle. */
    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted(Comparator.naturalOrder()).toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}

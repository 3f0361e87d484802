package org.coinflip.spark.sweep.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.coinflip.spark.sweep.result.League;
import org.coinflip.spark.sweep.result.SweepResult;

/**
 * Empirical distributions of the results at a rung: the part of the trials that are at least as good as a value, failures being as good as
 * none. One curve for each option of the compared axis, or one for all.
 */
final class DistributionDrawing {
    private static final int MOST_POINTS = 150;

    private DistributionDrawing() {}

    /** The data of the picture; null where there are no results. */
    static Map<String, Object> of(Reached reached, SweepResult result) {
        AxisRange range = AxisRange.of(reached.values(), result.maximised());
        if (range == null) {
            return null;
        }
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("range", range.asMap());
        data.put("axis", result.league() == null ? null : result.league().axis());
        List<Map<String, Object>> curves = new ArrayList<>();
        if (result.league() == null) {
            curves.add(curve("all trials", reached.entries(), result.maximised()));
        } else {
            String axis = result.league().axis();
            Map<String, List<Reached.Entry>> byOption = reached.entries().stream()
                    .collect(Collectors.groupingBy(
                            entry -> String.valueOf(entry.row().values().get(axis))));
            for (League.Entry entry : result.league().entries()) {
                String option = entry.option();
                curves.add(curve(option, byOption.getOrDefault(option, List.of()), result.maximised()));
            }
        }
        data.put("curves", curves);
        return data;
    }

    /** Values from the best on, each with the part of the trials that are as good. */
    private static Map<String, Object> curve(String label, List<Reached.Entry> entries, boolean maximised) {
        double sign = maximised ? -1 : 1;
        double[] sorted = entries.stream()
                .filter(Reached.Entry::hasValue)
                .mapToDouble(entry -> sign * entry.value())
                .sorted()
                .toArray();
        int points = Math.min(MOST_POINTS, sorted.length);
        List<Double> values = new ArrayList<>();
        List<Double> parts = new ArrayList<>();
        for (int k = 0; k < points; k++) {
            int i = points == 1 ? 0 : (int) ((long) k * (sorted.length - 1) / (points - 1));
            int asGood = i + 1;
            while (asGood < sorted.length && sorted[asGood] == sorted[i]) {
                asGood++;
            }
            values.add(Rounded.of(sign * sorted[i]));
            parts.add(Rounded.of((double) asGood / entries.size()));
        }
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("label", label);
        keys.put("values", values);
        keys.put("parts", parts);
        keys.put("results", sorted.length);
        keys.put("trials", entries.size());
        return keys;
    }
}

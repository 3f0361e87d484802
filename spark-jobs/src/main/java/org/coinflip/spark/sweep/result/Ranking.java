package org.coinflip.spark.sweep.result;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Configurations, the best first: by the mean of the metric over their replicates, of those that were taken furthest. A
 * configuration with a replicate that failed has no mean and is not ranked.
 *
 * @param ranked the best first
 */
public record Ranking(List<Ranked> ranked) {
    /**
     * A configuration.
     *
     * @param configuration its number
     * @param rows its trials
     * @param value the metric, with the interval of its mean over replicates; of one replicate that of a fraction of examples, if it is one
     */
    public record Ranked(int configuration, List<TrialRow> rows, Interval value) {}

    /** Ranks a table. */
    public static Ranking of(SweepTable table, String metric, boolean maximised) {
        Map<Integer, List<TrialRow>> byConfiguration = new TreeMap<>();
        for (TrialRow row : table.rows()) {
            byConfiguration
                    .computeIfAbsent(row.configuration(), c -> new ArrayList<>())
                    .add(row);
        }
        int furthest = table.rows().stream()
                .filter(row -> !row.isFailure())
                .mapToInt(row -> row.last().rung())
                .max()
                .orElse(0);
        List<Ranked> ranked = new ArrayList<>();
        byConfiguration.forEach((configuration, rows) -> {
            boolean whole = rows.stream()
                    .allMatch(row ->
                            !row.isFailure() && row.last().rung() == furthest && Double.isFinite(row.metric(metric)));
            if (whole) {
                ranked.add(new Ranked(configuration, rows, interval(rows, metric)));
            }
        });
        Comparator<Ranked> byMean = Comparator.comparingDouble(
                r -> maximised ? -r.value().mean() : r.value().mean());
        ranked.sort(byMean.thenComparingInt(Ranked::configuration));
        return new Ranking(List.copyOf(ranked));
    }

    static Interval interval(List<TrialRow> rows, String metric) {
        double[] values = rows.stream().mapToDouble(row -> row.metric(metric)).toArray();
        double examples = rows.get(0).metric(metric.replace(".error", ".examples"));
        return values.length == 1 && metric.endsWith(".error") && examples > 0
                ? Interval.ofFraction(values[0], examples)
                : Interval.ofMean(values);
    }
}

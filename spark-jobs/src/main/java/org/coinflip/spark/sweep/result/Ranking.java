package org.coinflip.spark.sweep.result;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Configurations, the best first: by the mean of the metric over their replicates, of those that were taken furthest. A
 * configuration with a replicate that failed has no mean and is not ranked; nor is one that has not all of its replicates, unless none has: then those
 * with the most are.
 *
 * @param ranked the best first
 * @param unranked how many have none
 */
public record Ranking(List<Ranked> ranked, int unranked) {
    /** Probability that any of those that are significantly different from the best is not worse. */
    static final double FAMILY_WISE = 0.05;

    /**
     * A configuration.
     *
     * @param configuration its number
     * @param rows its trials
     * @param value the metric, with the interval of its mean over replicates; of one replicate that of a fraction of examples, if it is one
     */
    public record Ranked(int configuration, List<TrialRow> rows, Interval value) {
        /** The mean of any metric over the replicates. */
        public double mean(String metric) {
            return rows.stream().mapToDouble(row -> row.metric(metric)).sum() / rows.size();
        }

        /** The metric minus that of another configuration, over the seeds that both have. */
        double[] minus(Ranked other, String metric) {
            Map<Integer, Double> others = new TreeMap<>();
            other.rows().forEach(row -> others.put(row.replicate(), row.metric(metric)));
            return rows.stream()
                    .filter(row -> others.containsKey(row.replicate()))
                    .mapToDouble(row -> row.metric(metric) - others.get(row.replicate()))
                    .toArray();
        }
    }

    /** Ranks a table. */
    public static Ranking of(SweepTable table, String metric, boolean maximised) {
        return of(table, metric, maximised, rows -> true);
    }

    /** Ranks a table. @param keeps which configurations, by their rows, may be ranked */
    static Ranking of(SweepTable table, String metric, boolean maximised, Predicate<List<TrialRow>> keeps) {
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
        List<List<TrialRow>> candidates = new ArrayList<>();
        byConfiguration.forEach((configuration, rows) -> {
            boolean whole = rows.stream()
                    .allMatch(row ->
                            !row.isFailure() && row.last().rung() == furthest && Double.isFinite(row.metric(metric)));
            if (whole && keeps.test(rows)) {
                candidates.add(rows);
            }
        });
        int most = candidates.stream().mapToInt(List::size).max().orElse(0);
        boolean anyHasAll =
                candidates.stream().anyMatch(rows -> rows.size() >= rows.get(0).replicates());
        List<Ranked> ranked = new ArrayList<>();
        candidates.forEach(rows -> {
            if (rows.size() >= (anyHasAll ? rows.get(0).replicates() : most)) {
                ranked.add(new Ranked(rows.get(0).configuration(), rows, interval(rows, metric)));
            }
        });
        Comparator<Ranked> byMean = Comparator.comparingDouble(
                r -> maximised ? -r.value().mean() : r.value().mean());
        ranked.sort(byMean.thenComparingInt(Ranked::configuration));
        return new Ranking(List.copyOf(ranked), byConfiguration.size() - ranked.size());
    }

    /**
     * Which of the first configurations are significantly different from the first: by paired tests over the seeds that both have, with {@value #FAMILY_WISE}
     * for all of them together ({@link Holm}). Of one seed none is.
     */
    public boolean[] toldApart(int most, String metric) {
        int count = Math.min(most, ranked.size());
        double[] p = new double[count];
        for (int i = 0; i < count; i++) {
            p[i] = i == 0 ? Double.NaN : Interval.testOfZero(ranked.get(i).minus(ranked.get(0), metric));
        }
        return Holm.rejected(p, FAMILY_WISE);
    }

    static Interval interval(List<TrialRow> rows, String metric) {
        double[] values = rows.stream().mapToDouble(row -> row.metric(metric)).toArray();
        double examples = rows.get(0).metric(metric.replace(".error", ".examples"));
        return values.length == 1 && metric.endsWith(".error") && examples > 0
                ? Interval.ofFraction(values[0], examples)
                : Interval.ofMean(values);
    }
}

package org.coinflip.spark.sweep.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much of the metric's variance an axis explains alone: Kelley's ε², {@code (SS_between − (k − 1) MS_within) / SS_total}, over the
 * options of a choice, or over bins of a number that hold equally many trials. About 0 where the axis has no effect by itself; an effect
 * that only shows together with another axis is not seen. Ranks are taken in place of values, so that a few trainings that failed to
 * learn do not outweigh all others. Only axes that at least {@link #LEAST_TRIALS} trials have, and only trials that were taken equally far: those
 * of the highest rung that has so many. Shares add up to at most 1 where axes are drawn independently; a sampler that learns draws them together.
 *
 * <p>Kelley (1935), "An unbiased correlation ratio measure".
 *
 * @param axis the axis
 * @param share ε², not below 0
 * @param trials how many it was found from
 */
public record Importance(String axis, double share, int trials) {
    static final int LEAST_TRIALS = 8;
    private static final int MOST_BINS = 6;
    private static final int LEAST_IN_A_BIN = 3;

    /** All axes, the most important first. */
    public static List<Importance> of(SweepTable table, String metric) {
        List<Importance> all = new ArrayList<>();
        List<TrialRow> alike = alike(table.rows().stream()
                .filter(row -> !row.isFailure() && Double.isFinite(row.metric(metric)))
                .toList());
        for (String axis : table.axes()) {
            List<TrialRow> rows =
                    alike.stream().filter(row -> row.values().get(axis) != null).toList();
            if (rows.size() >= LEAST_TRIALS) {
                all.add(new Importance(axis, epsilonSquared(groups(rows, axis), ranks(rows, metric)), rows.size()));
            }
        }
        all.sort(Comparator.comparingDouble(Importance::share).reversed().thenComparing(Importance::axis));
        return all;
    }

    /** Those of the highest rung that has enough of them. */
    private static List<TrialRow> alike(List<TrialRow> rows) {
        TreeMap<Integer, List<TrialRow>> byRung = new TreeMap<>();
        rows.forEach(row -> byRung.computeIfAbsent(row.last().rung(), rung -> new ArrayList<>())
                .add(row));
        return byRung.descendingMap().values().stream()
                .filter(these -> these.size() >= LEAST_TRIALS)
                .findFirst()
                .orElse(List.of());
    }

    /** The number of each row's group. */
    private static int[] groups(List<TrialRow> rows, String axis) {
        List<Object> values = rows.stream().map(row -> row.values().get(axis)).toList();
        boolean numbers = values.stream().allMatch(Number.class::isInstance);
        long different = values.stream().distinct().count();
        if (!numbers || different <= MOST_BINS) {
            Map<String, Integer> numbersOf = new TreeMap<>();
            values.forEach(value -> numbersOf.putIfAbsent(String.valueOf(value), numbersOf.size()));
            return values.stream()
                    .mapToInt(value -> numbersOf.get(String.valueOf(value)))
                    .toArray();
        }
        int bins = Math.max(2, Math.min(MOST_BINS, rows.size() / LEAST_IN_A_BIN));
        double[] ranks = ranks(
                values.stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray());
        return Arrays.stream(ranks)
                .mapToInt(rank -> (int) Math.min(bins - 1, rank * bins / rows.size()))
                .toArray();
    }

    private static double[] ranks(List<TrialRow> rows, String metric) {
        return ranks(rows.stream().mapToDouble(row -> row.metric(metric)).toArray());
    }

    /** Ranks from 0 on; equal values share the mean of theirs. */
    private static double[] ranks(double[] values) {
        Integer[] order = new Integer[values.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
        double[] ranks = new double[values.length];
        int from = 0;
        while (from < order.length) {
            int to = from;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + to - 1) / 2.0;
            }
            from = to;
        }
        return ranks;
    }

    static double epsilonSquared(int[] groups, double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        Map<Integer, double[]> sums = new TreeMap<>();
        double total = 0;
        for (int i = 0; i < values.length; i++) {
            double[] sum = sums.computeIfAbsent(groups[i], g -> new double[2]);
            sum[0] += values[i];
            sum[1]++;
            total += (values[i] - mean) * (values[i] - mean);
        }
        double between = 0;
        for (double[] sum : sums.values()) {
            double off = sum[0] / sum[1] - mean;
            between += sum[1] * off * off;
        }
        int k = sums.size();
        if (total == 0 || k < 2 || values.length <= k) {
            return 0;
        }
        double within = (total - between) / (values.length - k);
        return Math.max(0, (between - (k - 1) * within) / total);
    }
}

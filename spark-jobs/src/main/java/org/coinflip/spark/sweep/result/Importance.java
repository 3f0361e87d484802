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
 * <p>Kelley (1935), "An unbiased correlation ratio measure"; the interval is the jackknife's (Tukey 1958), a trial left out at a time.
 *
 * @param axis the axis
 * @param share ε², not below 0
 * @param margin half of the 95 % interval of ε²
 * @param amongBest ε² among the better half of the trials alone, where the search ends; NaN where that is fewer than {@link #LEAST_TRIALS}
 * @param trials how many it was found from
 */
public record Importance(String axis, double share, double margin, double amongBest, int trials) {
    static final int LEAST_TRIALS = 8;
    private static final double NORMAL_95 = 1.96;
    private static final int MOST_BINS = 6;
    private static final int LEAST_IN_A_BIN = 3;

    /**
     * All axes, the most important first.
     *
     * @param maximised whether more of the metric is better
     */
    public static List<Importance> of(SweepTable table, String metric, boolean maximised) {
        List<Importance> all = new ArrayList<>();
        List<TrialRow> alike = alike(table, metric);
        for (String axis : table.axes()) {
            List<TrialRow> rows = having(alike, axis);
            if (rows.size() >= LEAST_TRIALS) {
                int[] groups = groups(rows, axis, MOST_BINS);
                double[] ranks = ranks(rows, metric);
                double best = Double.NaN;
                if (rows.size() / 2 >= LEAST_TRIALS) {
                    List<TrialRow> better = betterHalf(rows, metric, maximised);
                    best = epsilonSquared(groups(better, axis, MOST_BINS), ranks(better, metric));
                }
                all.add(new Importance(axis, epsilonSquared(groups, ranks), margin(groups, ranks), best, rows.size()));
            }
        }
        all.sort(Comparator.comparingDouble(Importance::share).reversed().thenComparing(Importance::axis));
        return all;
    }

    private static List<TrialRow> betterHalf(List<TrialRow> rows, String metric, boolean maximised) {
        Comparator<TrialRow> least = Comparator.comparingDouble(row -> row.metric(metric));
        return rows.stream()
                .sorted(maximised ? least.reversed() : least)
                .limit(rows.size() / 2)
                .toList();
    }

    /** The rows that have an axis. */
    static List<TrialRow> having(List<TrialRow> rows, String axis) {
        return rows.stream().filter(row -> row.values().get(axis) != null).toList();
    }

    /** The trials that have the metric, of the highest rung that has enough of them. */
    static List<TrialRow> alike(SweepTable table, String metric) {
        return alike(table.rows().stream()
                .filter(row -> !row.isFailure() && Double.isFinite(row.metric(metric)))
                .toList());
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

    /**
     * The number of each row's group.
     *
     * @param most bins of a number
     */
    static int[] groups(List<TrialRow> rows, String axis, int most) {
        List<Object> values = rows.stream().map(row -> row.values().get(axis)).toList();
        boolean numbers = values.stream().allMatch(Number.class::isInstance);
        long different = values.stream().distinct().count();
        if (!numbers || different <= most) {
            Map<String, Integer> numbersOf = new TreeMap<>();
            values.forEach(value -> numbersOf.putIfAbsent(String.valueOf(value), numbersOf.size()));
            return values.stream()
                    .mapToInt(value -> numbersOf.get(String.valueOf(value)))
                    .toArray();
        }
        int bins = Math.max(2, Math.min(most, rows.size() / LEAST_IN_A_BIN));
        double[] ranks = ranks(
                values.stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray());
        return Arrays.stream(ranks)
                .mapToInt(rank -> (int) Math.min(bins - 1, rank * bins / rows.size()))
                .toArray();
    }

    static double[] ranks(List<TrialRow> rows, String metric) {
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

    /** ε², not below 0. */
    static double epsilonSquared(int[] groups, double[] values) {
        return Math.max(0, new Groups(groups, values).epsilonSquared());
    }

    /** Half of the 95 % interval of ε², by the jackknife. */
    static double margin(int[] groups, double[] values) {
        Groups all = new Groups(groups, values);
        int n = values.length;
        double[] without = new double[n];
        for (int i = 0; i < n; i++) {
            all.add(groups[i], values[i], -1);
            without[i] = all.epsilonSquared();
            all.add(groups[i], values[i], 1);
        }
        double mean = Arrays.stream(without).average().orElse(0);
        double squares =
                Arrays.stream(without).map(w -> (w - mean) * (w - mean)).sum();
        return NORMAL_95 * Math.sqrt(squares * (n - 1) / n);
    }

    /** Sums of values by group, from which trials can be taken. */
    private static final class Groups {
        private final TreeMap<Integer, double[]> sums = new TreeMap<>();
        private double sum;
        private double squares;
        private int count;

        Groups(int[] groups, double[] values) {
            for (int i = 0; i < values.length; i++) {
                add(groups[i], values[i], 1);
            }
        }

        void add(int group, double value, int sign) {
            double[] of = sums.computeIfAbsent(group, g -> new double[2]);
            of[0] += sign * value;
            of[1] += sign;
            sum += sign * value;
            squares += sign * value * value;
            count += sign;
        }

        double epsilonSquared() {
            double total = squares - sum * sum / count;
            double between = -sum * sum / count;
            int k = 0;
            for (double[] of : sums.values()) {
                between += of[1] == 0 ? 0 : of[0] * of[0] / of[1];
                k += of[1] == 0 ? 0 : 1;
            }
            if (total <= 0 || k < 2 || count <= k) {
                return 0;
            }
            double within = (total - between) / (count - k);
            return (between - (k - 1) * within) / total;
        }
    }
}

package org.coinflip.spark.sweep.result;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Compares the options of one axis. Every option is represented by its best configuration; trainings with the same seed saw the same
 * examples, initial weights and noise, so differences are taken seed by seed, and their interval is narrower than those of the
 * means. A second comparison is over all pairs of trials that differ in this axis alone.
 *
 * @param axis the axis that is compared
 * @param entries the options, the best first
 */
public record League(String axis, List<Entry> entries) {
    /**
     * An option.
     *
     * @param option its label
     * @param trials that took it
     * @param failures among them
     * @param best its best configuration; null where all failed
     * @param test test error of the best configuration, which was chosen on the validation split; null where there is none
     * @param behind the best configuration's metric minus the leader's, over seeds that both have; null for the leader
     * @param toldApart whether the best configuration is significantly different from the leader's by that, with {@value Ranking#FAMILY_WISE} for all options
     *     together; null for the leader and where it cannot be tested, as with one seed
     * @param borders numbers of the best configuration that are the least or the greatest that this option was tried with
     * @param pairs this option's metric minus the leading option's, over trials that differ in nothing else; null for the leader and where there are none
     */
    public record Entry(
            String option,
            int trials,
            int failures,
            Ranking.Ranked best,
            Interval test,
            Interval behind,
            Boolean toldApart,
            List<Border> borders,
            Interval pairs) {}

    /** Compares the options of an axis. */
    public static League of(SweepTable table, String axis, String metric, boolean maximised) {
        return of(table, axis, metric, Ranking.of(table, metric, maximised));
    }

    /** Compares the options of an axis by the configurations that are ranked. */
    static League of(SweepTable table, String axis, String metric, Ranking ranking) {
        Map<String, List<TrialRow>> byOption = new LinkedHashMap<>();
        for (TrialRow row : table.rows()) {
            Object option = row.values().get(axis);
            if (option != null) {
                byOption.computeIfAbsent(String.valueOf(option), o -> new ArrayList<>())
                        .add(row);
            }
        }
        List<Ranking.Ranked> ranked = ranking.ranked();
        Map<String, Ranking.Ranked> best = new LinkedHashMap<>();
        for (Ranking.Ranked one : ranked) {
            best.putIfAbsent(String.valueOf(one.rows().get(0).values().get(axis)), one);
        }
        best.keySet().retainAll(byOption.keySet());
        List<String> order = new ArrayList<>(best.keySet());
        byOption.keySet().stream().filter(option -> !best.containsKey(option)).forEach(order::add);
        String leader = order.isEmpty() ? null : order.get(0);
        double[] p = order.stream()
                .mapToDouble(option -> option.equals(leader) || !best.containsKey(option)
                        ? Double.NaN
                        : Interval.testOfZero(best.get(option).minus(best.get(leader), metric)))
                .toArray();
        boolean[] toldApart = Holm.rejected(p, Ranking.FAMILY_WISE);
        List<Entry> entries = new ArrayList<>();
        for (String option : order) {
            int at = entries.size();
            List<TrialRow> rows = byOption.get(option);
            Ranking.Ranked own = best.get(option);
            boolean leads = option.equals(leader);
            entries.add(new Entry(
                    option,
                    rows.size(),
                    (int) rows.stream().filter(TrialRow::isFailure).count(),
                    own,
                    own == null || Double.isNaN(own.rows().get(0).metric("test.error"))
                            ? null
                            : Ranking.interval(own.rows(), "test.error"),
                    leads || own == null ? null : behind(own, best.get(leader), metric),
                    Double.isNaN(p[at]) ? null : (Boolean) toldApart[at],
                    own == null ? List.of() : Border.of(own.rows().get(0).values(), rows),
                    leads || own == null ? null : pairs(rows, byOption.get(leader), axis, metric)));
        }
        return new League(axis, List.copyOf(entries));
    }

    private static Interval behind(Ranking.Ranked own, Ranking.Ranked leader, String metric) {
        double[] differences = own.minus(leader, metric);
        return differences.length == 0 ? null : Interval.ofMean(differences);
    }

    private static Interval pairs(List<TrialRow> own, List<TrialRow> leading, String axis, String metric) {
        Map<Object, Double> byRest = new HashMap<>();
        leading.stream().filter(TrialRow::isWhole).forEach(row -> byRest.put(rest(row, axis), row.metric(metric)));
        double[] differences = own.stream()
                .filter(TrialRow::isWhole)
                .map(row -> byRest.get(rest(row, axis)) == null
                        ? null
                        : (Double) (row.metric(metric) - byRest.get(rest(row, axis))))
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .filter(Double::isFinite)
                .toArray();
        return differences.length == 0 ? null : Interval.ofMean(differences);
    }

    /** What a trial has beside an axis and the axes in its options. */
    private static Object rest(TrialRow row, String axis) {
        Map<String, Object> rest = new TreeMap<>(row.values());
        rest.keySet().removeIf(name -> name.equals(axis) || name.startsWith(axis + "."));
        return List.of(row.seed(), rest);
    }
}

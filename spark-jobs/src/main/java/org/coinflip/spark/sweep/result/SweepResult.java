package org.coinflip.spark.sweep.result;

import java.util.List;

/**
 * What a sweep found so far, for its summary and its report.
 *
 * @param table all trials
 * @param metric what was optimised
 * @param maximised whether more of it is better
 * @param epochs epochs done at each rung
 * @param ranking configurations, the best first
 * @param league the options of the compared axis; null where none is compared
 * @param importance of the axes
 */
public record SweepResult(
        SweepTable table,
        String metric,
        boolean maximised,
        int[] epochs,
        Ranking ranking,
        League league,
        List<Importance> importance) {
    /** Numbers of the best configuration that are the least or the greatest that were tried. */
    public List<Border> borders() {
        return ranking.ranked().isEmpty()
                ? List.of()
                : Border.of(ranking.ranked().get(0).rows().get(0).values(), table.rows());
    }

    /** @param compared the axis that is compared, or null */
    public static SweepResult of(SweepTable table, String metric, boolean maximised, int[] epochs, String compared) {
        return new SweepResult(
                table,
                metric,
                maximised,
                epochs,
                Ranking.of(table, metric, maximised),
                compared == null ? null : League.of(table, compared, metric, maximised),
                Importance.of(table, metric));
    }
}

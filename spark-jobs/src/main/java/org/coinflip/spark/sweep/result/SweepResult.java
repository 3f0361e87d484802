package org.coinflip.spark.sweep.result;

import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.coinflip.spark.sweep.space.Constraint;

/**
 * What a sweep found so far, for its summary and its report.
 *
 * @param table all trials
 * @param metric what was optimised
 * @param maximised whether more of it is better
 * @param epochs epochs done at each rung
 * @param ranking configurations, the best first; those that break limits are not ranked
 * @param front what no ranked configuration is better than in all of several objectives; null with one
 * @param league the options of the compared axis; null where none is compared
 * @param importance of the axes
 * @param interactions of pairs of axes
 * @param logarithmic axes whose laws are uniform on a logarithmic scale
 */
public record SweepResult(
        SweepTable table,
        String metric,
        boolean maximised,
        int[] epochs,
        Ranking ranking,
        Front front,
        League league,
        List<Importance> importance,
        List<Interaction> interactions,
        Set<String> logarithmic) {
    /** Numbers of the best configuration that are the least or the greatest that were tried. */
    public List<Border> borders() {
        return ranking.ranked().isEmpty()
                ? List.of()
                : Border.of(ranking.ranked().get(0).rows().get(0).values(), table.rows());
    }

    /** By how much means break limits, added up. */
    public static double violation(List<Constraint> limits, ToDoubleFunction<String> means) {
        double sum = 0;
        for (Constraint limit : limits) {
            sum += limit.violation(name -> {
                double mean = means.applyAsDouble(name);
                return Double.isNaN(mean) ? null : (Object) mean;
            });
        }
        return sum;
    }

    /**
     * Finds it from a table.
     *
     * @param compared the axis that is compared, or null
     * @param logarithmic axes whose laws are uniform on a logarithmic scale
     */
    public static SweepResult of(
            SweepTable table,
            List<Objective> objectives,
            List<Constraint> limits,
            int[] epochs,
            String compared,
            Set<String> logarithmic) {
        String metric = objectives.get(0).metric();
        boolean maximised = objectives.get(0).maximised();
        Ranking ranking = Ranking.of(
                table, metric, maximised, rows -> violation(limits, new Ranking.Ranked(0, rows, null)::mean) == 0);
        List<Importance> importance = Importance.of(table, metric, maximised);
        return new SweepResult(
                table,
                metric,
                maximised,
                epochs,
                ranking,
                objectives.size() == 1 ? null : Front.of(ranking, objectives),
                compared == null ? null : League.of(table, compared, metric, ranking),
                importance,
                Interaction.of(table, metric, importance),
                logarithmic);
    }
}

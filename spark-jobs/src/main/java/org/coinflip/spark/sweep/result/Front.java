package org.coinflip.spark.sweep.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The Pareto front: the ranked configurations that none is better than in one objective and not worse in the others, by means over replicates. The
 * hypervolume is that of the space that they dominate, up to the worst value of each objective among all ranked ones, as a part of the box from their best
 * values to their worst: 1 where one configuration is the best in all.
 *
 * <p>Zitzler, Thiele (1999), "Multiobjective Evolutionary Algorithms: A Comparative Case Study and the Strength Pareto Approach".
 *
 * @param objectives what is weighed
 * @param members by the first objective, the best first
 * @param hypervolume in [0, 1]; NaN where some objective is the same for all
 */
public record Front(List<Objective> objectives, List<Member> members, double hypervolume) {
    /**
     * A configuration of the front.
     *
     * @param ranked the configuration
     * @param means one an objective, as it is measured
     */
    public record Member(Ranking.Ranked ranked, double[] means) {}

    static Front of(Ranking ranking, List<Objective> objectives) {
        List<Member> all = new ArrayList<>();
        for (Ranking.Ranked ranked : ranking.ranked()) {
            double[] means = objectives.stream()
                    .mapToDouble(objective -> ranked.mean(objective.metric()))
                    .toArray();
            if (Arrays.stream(means).allMatch(Double::isFinite)) {
                all.add(new Member(ranked, means));
            }
        }
        List<Member> members = all.stream()
                .filter(member -> all.stream().noneMatch(other -> dominates(other, member, objectives)))
                .sorted(Comparator.comparingDouble(
                                (Member member) -> objectives.get(0).minimised(member.means[0]))
                        .thenComparingInt(member -> member.ranked.configuration()))
                .toList();
        return new Front(objectives, members, hypervolume(all, members, objectives));
    }

    private static boolean dominates(Member one, Member other, List<Objective> objectives) {
        boolean better = false;
        for (int i = 0; i < objectives.size(); i++) {
            double a = objectives.get(i).minimised(one.means[i]);
            double b = objectives.get(i).minimised(other.means[i]);
            if (a > b) {
                return false;
            }
            better |= a < b;
        }
        return better;
    }

    private static double hypervolume(List<Member> all, List<Member> members, List<Objective> objectives) {
        int m = objectives.size();
        double[] least = new double[m];
        double[] range = new double[m];
        for (int i = 0; i < m; i++) {
            int objective = i;
            double[] values = all.stream()
                    .mapToDouble(member -> objectives.get(objective).minimised(member.means[objective]))
                    .toArray();
            least[i] = Arrays.stream(values).min().orElse(Double.NaN);
            range[i] = Arrays.stream(values).max().orElse(Double.NaN) - least[i];
            if (!(range[i] > 0)) {
                return Double.NaN;
            }
        }
        List<double[]> points = new ArrayList<>();
        for (Member member : members) {
            double[] point = new double[m];
            for (int i = 0; i < m; i++) {
                point[i] = 1 - (objectives.get(i).minimised(member.means[i]) - least[i]) / range[i];
            }
            points.add(point);
        }
        return volume(points, m);
    }

    /**
     * The volume of the union of boxes from 0 to each point, in slices along the last coordinate.
     *
     * @param points with coordinates not below 0, not modified
     * @param dimensions coordinates that count
     */
    static double volume(List<double[]> points, int dimensions) {
        if (dimensions == 1) {
            return points.stream().mapToDouble(point -> point[0]).max().orElse(0);
        }
        List<double[]> sorted = new ArrayList<>(points);
        sorted.sort(Comparator.comparingDouble((double[] point) -> -point[dimensions - 1]));
        double volume = 0;
        for (int i = 0; i < sorted.size(); i++) {
            double next = i + 1 < sorted.size() ? sorted.get(i + 1)[dimensions - 1] : 0;
            double thickness = sorted.get(i)[dimensions - 1] - next;
            if (thickness > 0) {
                volume += thickness * volume(sorted.subList(0, i + 1), dimensions - 1);
            }
        }
        return volume;
    }
}

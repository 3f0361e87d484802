package org.coinflip.spark.sweep.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How much of the metric's variance two axes explain together beyond what each explains alone: ε² over pairs of their groups, less the two of its own
 * ({@link Importance}), numbers in three bins each. Only pairs with at least four trials a group, and shares above a fiftieth.
 *
 * @param axis one
 * @param other the other, later in the alphabet
 * @param share of the variance
 * @param trials how many it was found from
 */
public record Interaction(String axis, String other, double share, int trials) {
    private static final int BINS = 3;
    private static final int LEAST_IN_A_GROUP = 4;
    private static final double LEAST_SHARE = 0.02;
    private static final int MOST = 5;
    /** Axes that pairs are made of, the most important ones. */
    private static final int MOST_AXES = 30;

    /** The strongest, at most five. */
    static List<Interaction> of(SweepTable table, String metric, List<Importance> importance) {
        List<Interaction> found = new ArrayList<>();
        List<TrialRow> alike = Importance.alike(table, metric);
        List<String> axes = importance.stream()
                .limit(MOST_AXES)
                .map(Importance::axis)
                .sorted()
                .toList();
        Groups all = new Groups(alike, metric);
        Set<String> everywhere = axes.stream().filter(all::has).collect(Collectors.toSet());
        for (int a = 0; a < axes.size(); a++) {
            for (int b = a + 1; b < axes.size(); b++) {
                Groups groups = everywhere.contains(axes.get(a)) && everywhere.contains(axes.get(b))
                        ? all
                        : new Groups(Importance.having(Importance.having(alike, axes.get(a)), axes.get(b)), metric);
                int[] one = groups.of(axes.get(a));
                int[] other = groups.of(axes.get(b));
                int width = 1 + Arrays.stream(other).max().orElse(0);
                int[] both = new int[one.length];
                Arrays.setAll(both, i -> one[i] * width + other[i]);
                if (one.length
                        < LEAST_IN_A_GROUP * Arrays.stream(both).distinct().count()) {
                    continue;
                }
                double[] ranks = groups.ranks();
                double share = Importance.epsilonSquared(both, ranks)
                        - Importance.epsilonSquared(one, ranks)
                        - Importance.epsilonSquared(other, ranks);
                if (share >= LEAST_SHARE) {
                    found.add(new Interaction(axes.get(a), axes.get(b), share, one.length));
                }
            }
        }
        found.sort(Comparator.comparingDouble(Interaction::share).reversed().thenComparing(Interaction::axis));
        return List.copyOf(found.subList(0, Math.min(MOST, found.size())));
    }

    /** Rows by axis, each axis' groups found once: most axes are in every row. */
    private static final class Groups {
        private final List<TrialRow> rows;
        private final double[] ranks;
        private final Map<String, int[]> groups = new HashMap<>();

        Groups(List<TrialRow> rows, String metric) {
            this.rows = rows;
            this.ranks = Importance.ranks(rows, metric);
        }

        boolean has(String axis) {
            return rows.stream().allMatch(row -> row.values().get(axis) != null);
        }

        int[] of(String axis) {
            return groups.computeIfAbsent(axis, name -> Importance.groups(rows, name, BINS));
        }

        double[] ranks() {
            return ranks;
        }
    }
}

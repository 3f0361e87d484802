package org.coinflip.spark.sweep.sampler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The best so many of what was seen, by rank and then by crowding. Rank 0 are those that none dominates, rank 1 those that only rank 0 does, and so on. The
 * crowding distance of a member of a rank is the sum over objectives of the distance between its two neighbours in that objective, as a part of the
 * rank's range; at the ends it is infinite. Among equals the earlier one is better.
 *
 * <p>Deb, Pratap, Agarwal, Meyarivan (2002), "A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II", sections III.A and III.B.
 */
final class Elite {
    /** One that was seen; genes are coordinates of all axes, of those that are not there too. */
    record Member(double[] genes, Measured measured, int order) {
        /** The least value of one objective first, among equals the earlier one; a failure is worse than any value. */
        static final Comparator<Member> BY_VALUE =
                Comparator.comparingDouble(Member::value).thenComparingInt(Member::order);

        private double value() {
            double value = measured.value();
            return Double.isNaN(value) ? Double.MAX_VALUE : value;
        }
    }

    private final int size;
    private List<Member> members = new ArrayList<>();
    private int seen;

    Elite(int size) {
        this.size = size;
    }

    /** The members, the best first. */
    List<Member> members() {
        return members;
    }

    void add(double[] genes, Measured measured) {
        members.add(new Member(genes, measured, seen++));
        List<Member> sorted = bestFirst(members, members.size());
        members = sorted.size() > size ? new ArrayList<>(sorted.subList(0, size)) : sorted;
    }

    /**
     * All, the best first as far as they are asked for; the others follow in their order.
     *
     * @param count how many are asked for
     */
    static List<Member> bestFirst(List<Member> all, int count) {
        List<Member> sorted = new ArrayList<>();
        for (List<Member> rank : ranks(all, count)) {
            Map<Member, Double> crowding = crowding(rank);
            rank.sort(Comparator.comparingDouble((Member member) -> -crowding.get(member))
                    .thenComparingInt(Member::order));
            sorted.addAll(rank);
        }
        Set<Member> taken = Set.copyOf(sorted);
        all.stream().filter(member -> !taken.contains(member)).forEach(sorted::add);
        return sorted;
    }

    /** Parts by rank, the first that of those that none dominates; those that hold the best so many. */
    static List<List<Member>> ranks(List<Member> all, int count) {
        List<Member> left = new ArrayList<>(all);
        List<List<Member>> ranks = new ArrayList<>();
        while (all.size() - left.size() < count) {
            List<Member> rank = new ArrayList<>();
            for (Member member : left) {
                if (left.stream().noneMatch(other -> other.measured.dominates(member.measured))) {
                    rank.add(member);
                }
            }
            // failures, which dominate nothing and are dominated by all else, are the last
            left.removeAll(Set.copyOf(rank));
            ranks.add(rank);
        }
        return ranks;
    }

    private static Map<Member, Double> crowding(List<Member> rank) {
        Map<Member, Double> crowding = new HashMap<>();
        rank.forEach(member -> crowding.put(member, 0.0));
        for (int i = 0; i < rank.get(0).measured.values().length; i++) {
            int objective = i;
            List<Member> sorted = new ArrayList<>(rank);
            sorted.sort(Comparator.comparingDouble(
                            (Member member) -> member.measured.values()[objective])
                    .thenComparingInt(Member::order));
            int last = sorted.size() - 1;
            double range = sorted.get(last).measured.values()[i]
                    - sorted.get(0).measured.values()[i];
            crowding.put(sorted.get(0), Double.POSITIVE_INFINITY);
            crowding.put(sorted.get(last), Double.POSITIVE_INFINITY);
            for (int k = 1; k < last && range > 0; k++) {
                double gap = sorted.get(k + 1).measured.values()[i]
                        - sorted.get(k - 1).measured.values()[i];
                crowding.merge(sorted.get(k), gap / range, Double::sum);
            }
        }
        return crowding;
    }
}

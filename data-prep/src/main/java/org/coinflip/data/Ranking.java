package org.coinflip.data;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import org.coinflip.data.raw.Order;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.raw.SplitKeys;
import org.coinflip.model.noise.NoiseKey;

/** The order in which examples are dealt to the splits: see {@link SplitSizes}. */
final class Ranking {
    private final int[] ranked;
    /** The group of each example, by its place; null where examples are by themselves. */
    private final long[] groups;

    private Ranking(int[] ranked, long[] groups) {
        this.ranked = ranked;
        this.groups = groups;
    }

    static Ranking of(SplitSizes sizes, RawData data) {
        RawExamples examples = data.development();
        Optional<SplitKeys> keys = data.splitKeys();
        if (keys.isEmpty()) {
            int[] ranked = byWord(sizes.seed(), examples.size(), examples::id);
            return new Ranking(sizes.stratified() ? stratified(ranked, examples) : ranked, null);
        }
        long[] theirs = keys.get().keys();
        return keys.get().kind() == SplitKeys.Kind.GROUP
                ? new Ranking(byWord(sizes.seed(), theirs.length, place -> theirs[place]), theirs)
                : new Ranking(latestFirst(theirs), null);
    }

    /** The first so many of some places, ranked by their ids' words, in the order of the ids. */
    static int[] first(int count, int[] places, long seed, RawExamples examples) {
        return Arrays.stream(byWord(seed, places.length, i -> examples.id(places[i])))
                .limit(count)
                .map(i -> places[i])
                .sorted()
                .toArray();
    }

    /** By words that are functions of the ids, one to one. */
    private static int[] byWord(long seed, int count, IntToLongFunction id) {
        NoiseKey key = new NoiseKey(seed, 0, NoiseKey.SPLIT);
        return Order.ascending(count, place -> key.longWord(id.applyAsLong(place)) ^ Long.MIN_VALUE);
    }

    private static int[] latestFirst(long[] times) {
        int[] earliestFirst = Order.ascending(times.length, place -> times[place]);
        int[] latest = new int[times.length];
        for (int i = 0; i < latest.length; i++) {
            latest[i] = earliestFirst[latest.length - 1 - i];
        }
        return latest;
    }

    /** Ranked by the part of their class that comes before; stable. */
    private static int[] stratified(int[] ranked, RawExamples examples) {
        Map<Integer, Integer> sizes = new HashMap<>();
        for (int place : ranked) {
            sizes.merge(examples.label(place), 1, Integer::sum);
        }
        Map<Integer, Integer> seen = new HashMap<>();
        double[] part = new double[ranked.length];
        for (int place : ranked) {
            int before = seen.merge(examples.label(place), 1, Integer::sum) - 1;
            part[place] = (before + 0.5) / sizes.get(examples.label(place));
        }
        return Arrays.stream(ranked)
                .boxed()
                .sorted(Comparator.comparingDouble(place -> part[place]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** The least number of first examples that is at least so many and divides no group. */
    int whole(long count) {
        int end = (int) Math.min(count, ranked.length);
        while (groups != null && end > 0 && end < ranked.length && groups[ranked[end]] == groups[ranked[end - 1]]) {
            end++;
        }
        return end;
    }

    /** The same ranking, around the end to the beginning, from a place on. */
    Ranking rotated(int from) {
        int[] rotated = Arrays.copyOfRange(ranked, from, from + ranked.length);
        System.arraycopy(ranked, 0, rotated, ranked.length - from, from);
        return new Ranking(rotated, groups);
    }

    /** Some of the ranking, as places in the order of the ids. */
    int[] places(int from, int to) {
        int[] places = Arrays.copyOfRange(ranked, from, to);
        Arrays.parallelSort(places);
        return places;
    }
}

package org.coinflip.spark.sweep.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Every trial's result at a rung, in the order of trials and of time. Of many, points at equal distances stay, and all that were the best when
 * they came, in either order: the line of the best so far is that of all trials.
 */
final class HistoryDrawing {
    private static final int MOST_POINTS = 2000;

    private HistoryDrawing() {}

    /**
     * The data of the picture.
     *
     * @param maximised whether more is better
     */
    static Map<String, Object> of(Reached reached, boolean maximised, SweepClock clock) {
        List<Reached.Entry> entries = reached.entries();
        int[] kept = kept(entries, maximised, clock);
        List<Integer> trials = new ArrayList<>();
        List<Double> ends = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        List<Integer> failed = new ArrayList<>();
        for (int i : kept) {
            Reached.Entry entry = entries.get(i);
            trials.add(entry.row().trial());
            ends.add(Rounded.millis(clock.ended(entry.record())));
            values.add(Rounded.of(entry.value()));
            failed.add(entry.isFailure() ? 1 : 0);
        }
        AxisRange range = AxisRange.of(reached.values(), maximised);
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("epochs", reached.epochs());
        data.put("trials", trials);
        data.put("ends", ends);
        data.put("values", values);
        data.put("failed", failed);
        data.put("range", range == null ? null : range.asMap());
        data.put("of", entries.size());
        data.put("failures", reached.failures());
        return data;
    }

    private static int[] kept(List<Reached.Entry> entries, boolean maximised, SweepClock clock) {
        int step = Math.max(1, (entries.size() + MOST_POINTS - 1) / MOST_POINTS);
        BitSet kept = new BitSet(entries.size());
        IntStream.range(0, entries.size()).filter(i -> i % step == 0).forEach(kept::set);
        Integer[] byTime = IntStream.range(0, entries.size()).boxed().toArray(Integer[]::new);
        keepBest(entries, byTime, maximised, kept);
        Arrays.sort(
                byTime,
                Comparator.comparingDouble(
                                (Integer i) -> clock.ended(entries.get(i).record()))
                        .thenComparing(i -> i));
        keepBest(entries, byTime, maximised, kept);
        return kept.stream().toArray();
    }

    /** Keeps those that are better than all before them. */
    private static void keepBest(List<Reached.Entry> entries, Integer[] order, boolean maximised, BitSet kept) {
        double best = Double.POSITIVE_INFINITY;
        for (int i : order) {
            double value = (maximised ? -1 : 1) * entries.get(i).value();
            if (value < best) {
                best = value;
                kept.set(i);
            }
        }
    }
}

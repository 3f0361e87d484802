package org.coinflip.spark.averaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.coinflip.model.measure.Measures;
import org.coinflip.model.training.Score;
import org.coinflip.spark.round.RoundSpan;

/** Collects on the driver the parts of snapshots that processes send: a snapshot is whole when every process has sent its part. Thread-safe. */
final class SnapshotCollector {
    /** Marked rounds that processes may have run beyond the last whose parts are all there: each costs every executor a copy of the state. */
    private static final int MOST_BEHIND = 3;

    private final RoundSpan span;
    private final Map<Integer, List<GroupCoordinator.Delivery>> parts = new TreeMap<>();
    private int taken;

    SnapshotCollector(RoundSpan span) {
        this.span = span;
    }

    synchronized void add(GroupCoordinator.Delivery part) {
        parts.computeIfAbsent(part.handed().round(), round -> new ArrayList<>()).add(part);
    }

    /**
     * The parts of the next marked round, in no order; none where some are still on their way.
     *
     * @param told the round after the last that the listener was told of: a round's parts come after that
     */
    synchronized List<GroupCoordinator.Delivery> next(int processes, int told) {
        int[] marks = span.marks();
        if (taken == marks.length || marks[taken] >= told) {
            return List.of();
        }
        List<GroupCoordinator.Delivery> next = parts.getOrDefault(marks[taken], List.of());
        if (next.size() < processes) {
            return List.of();
        }
        parts.remove(marks[taken]);
        taken++;
        return next;
    }

    /** Whether all marked rounds before a span's last have been handed over. @param end the round after the last */
    synchronized boolean isComplete(int end) {
        return taken == span.marks().length || span.marks()[taken] >= end - 1;
    }

    /** Whether processes have run too far ahead to run beyond the marked round after this one. In any thread. */
    synchronized boolean isBehind(int round) {
        if (!span.isMark(round + 1)) {
            return false;
        }
        int begun = 0;
        for (int mark : span.marks()) {
            begun += mark <= round ? 1 : 0;
        }
        return begun - taken >= MOST_BEHIND;
    }

    /** The validation split's score of a round's parts; null where nobody looked. */
    static Score score(List<GroupCoordinator.Delivery> parts) {
        // in the order of the shards, whoever had which
        Map<Integer, Score> scores = new TreeMap<>();
        parts.forEach(part -> scores.putAll(part.handed().seen().scores()));
        return scores.values().stream().reduce(Score::plus).orElse(null);
    }

    /** What was measured of the validation split beside its score; null where nobody looked. */
    static Measures measures(List<GroupCoordinator.Delivery> parts) {
        Measures all = null;
        for (GroupCoordinator.Delivery part : parts) {
            Measures some = part.handed().seen().measures();
            if (all != null && some != null) {
                all.merge(some);
            }
            all = all == null ? some : all;
        }
        return all;
    }
}

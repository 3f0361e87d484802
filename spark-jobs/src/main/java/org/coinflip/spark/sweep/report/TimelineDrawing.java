package org.coinflip.spark.sweep.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.coinflip.spark.sweep.result.SweepResult;
import org.coinflip.spark.sweep.result.TrialRow;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialStatus;

/**
 * When and where trials ran: a bar for each rung of each trial. Records have their host and no slot; a host's bars are laid on as few slots
 * as hold them without an overlap. Bars too short to be seen that follow each other on a slot and ended alike are drawn as one.
 */
final class TimelineDrawing {
    /** About how many bars a picture holds. */
    private static final int MOST_BARS = 4000;
    /** Starts are whole milliseconds, so that neighbours may seem to overlap by so much. */
    private static final double CLOCK_STEP = 0.002;

    private static final class Bar {
        private final int slot;
        private final int trial;
        private final int kind;
        private final double from;
        private double to;
        private int count = 1;

        Bar(int slot, int trial, int kind, double from, double to) {
            this.slot = slot;
            this.trial = trial;
            this.kind = kind;
            this.from = from;
            this.to = to;
        }
    }

    /** A record, and whether its trial was stopped by the scheduler after it. */
    private record Piece(TrialRecord record, boolean isStopped) {}

    private final SweepClock clock;
    private final List<String> kinds = new ArrayList<>();
    private final List<String> slots = new ArrayList<>();
    private final List<Bar> bars = new ArrayList<>();

    private TimelineDrawing(SweepClock clock) {
        this.clock = clock;
    }

    /** The data of the picture; null where it is not known when trials began. */
    static Map<String, Object> of(SweepResult result, SweepClock clock) {
        Map<String, List<Piece>> byHost = new TreeMap<>();
        for (TrialRow row : result.table().rows()) {
            for (TrialRecord record : row.records()) {
                boolean stopped =
                        record.rung() == row.last().rung() && row.status().equals("stopped");
                if (SweepClock.isKnown(record)) {
                    byHost.computeIfAbsent(record.host(), host -> new ArrayList<>())
                            .add(new Piece(record, stopped));
                }
            }
        }
        if (byHost.isEmpty()) {
            return null;
        }
        TimelineDrawing drawing = new TimelineDrawing(clock);
        byHost.forEach(drawing::lay);
        return drawing.data();
    }

    private void lay(String host, List<Piece> pieces) {
        pieces.sort(Comparator.comparingDouble((Piece piece) -> clock.started(piece.record))
                .thenComparingInt(piece -> piece.record.trial()));
        List<Double> free = new ArrayList<>();
        int first = slots.size();
        for (Piece piece : pieces) {
            double from = clock.started(piece.record);
            int slot = 0;
            while (slot < free.size() && free.get(slot) > from + CLOCK_STEP) {
                slot++;
            }
            double to = clock.ended(piece.record);
            if (slot == free.size()) {
                free.add(to);
                slots.add(host);
            } else {
                free.set(slot, to);
            }
            bars.add(new Bar(first + slot, piece.record.trial(), kind(piece), from, to));
        }
    }

    private int kind(Piece piece) {
        TrialStatus status = piece.record.status();
        String name = piece.isStopped
                ? "stopped"
                : status.name().toLowerCase(Locale.ROOT).replace('_', '-');
        if (!kinds.contains(name)) {
            kinds.add(name);
        }
        return kinds.indexOf(name);
    }

    private Map<String, Object> data() {
        double end = bars.stream().mapToDouble(bar -> bar.to).max().orElse(0);
        double busy = bars.stream().mapToDouble(bar -> bar.to - bar.from).sum();
        int of = bars.size();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("kinds", kinds);
        data.put("slots", slots);
        data.put("seconds", Rounded.millis(end));
        data.put("busy", Rounded.of(end > 0 ? Math.min(1, busy / (end * slots.size())) : 1));
        data.put("of", of);
        data.put("pauses", clock.paused());
        data.put("paused", Rounded.millis(clock.pausedSeconds()));
        data.put(
                "bars",
                joined(end * slots.size() / MOST_BARS).stream()
                        .map(bar -> List.<Number>of(
                                bar.slot,
                                Rounded.millis(bar.from),
                                Rounded.millis(bar.to),
                                bar.kind,
                                bar.trial,
                                bar.count))
                        .toList());
        return data;
    }

    /** Bars in the order of their slots; neighbours are joined while they are shorter than what can be seen. */
    private List<Bar> joined(double visible) {
        bars.sort(Comparator.comparingInt((Bar bar) -> bar.slot).thenComparingDouble(bar -> bar.from));
        List<Bar> joined = new ArrayList<>();
        for (Bar bar : bars) {
            Bar last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            boolean isNext = last != null
                    && bars.size() > MOST_BARS
                    && last.slot == bar.slot
                    && last.kind == bar.kind
                    && bar.to - last.from <= visible;
            if (isNext) {
                last.to = Math.max(last.to, bar.to);
                last.count++;
            } else {
                joined.add(new Bar(bar.slot, bar.trial, bar.kind, bar.from, bar.to));
            }
        }
        return joined;
    }
}

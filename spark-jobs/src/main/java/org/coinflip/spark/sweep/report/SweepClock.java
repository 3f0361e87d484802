package org.coinflip.spark.sweep.report;

import java.util.ArrayList;
import java.util.List;
import org.coinflip.spark.sweep.trial.TrialRecord;

/**
 * The time of a sweep: seconds since its first trial began, without the pauses in which nothing ran because it had been stopped. A pause is
 * longer than a tenth of all time in which trials ran, and than {@value #LEAST_PAUSE} seconds.
 */
final class SweepClock {
    private static final double LEAST_PAUSE = 30;
    private static final double PART = 0.1;

    /**
     * A pause.
     *
     * @param from seconds since 1970
     * @param to seconds since 1970
     */
    private record Pause(double from, double to) {
        double length() {
            return to - from;
        }
    }

    private final double start;
    private final List<Pause> pauses = new ArrayList<>();

    SweepClock(List<TrialRecord> records) {
        List<TrialRecord> known = records.stream()
                .filter(SweepClock::isKnown)
                .sorted((a, b) -> Long.compare(a.startedMillis(), b.startedMillis()))
                .toList();
        start = known.isEmpty() ? 0 : begin(known.get(0));
        List<Pause> idle = new ArrayList<>();
        double busy = 0;
        double until = start;
        for (TrialRecord record : known) {
            if (begin(record) > until) {
                idle.add(new Pause(until, begin(record)));
            }
            double from = Math.max(until, begin(record));
            double to = Math.max(until, begin(record) + record.seconds());
            busy += to - from;
            until = to;
        }
        double least = Math.max(LEAST_PAUSE, PART * busy);
        idle.stream().filter(pause -> pause.length() > least).forEach(pauses::add);
    }

    /** Whether it is written when a record began. */
    static boolean isKnown(TrialRecord record) {
        return record.startedMillis() > 0;
    }

    private static double begin(TrialRecord record) {
        return record.startedMillis() / 1e3;
    }

    double started(TrialRecord record) {
        return isKnown(record) ? at(begin(record)) : 0;
    }

    double ended(TrialRecord record) {
        return started(record) + record.seconds();
    }

    private double at(double time) {
        double left = time - start;
        for (Pause pause : pauses) {
            left -= time >= pause.to() ? pause.length() : 0;
        }
        return left;
    }

    /** When pauses were. */
    List<Double> paused() {
        return pauses.stream().map(pause -> Rounded.millis(at(pause.to()))).toList();
    }

    /** All pauses together, in seconds. */
    double pausedSeconds() {
        return pauses.stream().mapToDouble(Pause::length).sum();
    }
}

package org.coinflip.spark.train;

import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Counts the rounds of a training and writes a line for each: when the next is done, and a stretch's last when all of it is known. */
final class RoundLines implements Rounds.Listener {
    private final TrainingRecord record;
    private final TrainingProgress progress;
    private final BooleanSupplier stop;
    private final Function<Round, Map<String, Object>> lines;
    private Round last;
    private Map<String, Object> line;

    /**
     * @param stop whether the training is asked to end
     * @param lines what is written of a round that the record has counted
     */
    RoundLines(
            TrainingRecord record,
            TrainingProgress progress,
            BooleanSupplier stop,
            Function<Round, Map<String, Object>> lines) {
        this.record = record;
        this.progress = progress;
        this.stop = stop;
        this.lines = lines;
    }

    @Override
    public void done(Round round) {
        write();
        last = round;
        record.count(round);
        line = lines.apply(round);
    }

    @Override
    public boolean isToEnd() {
        return stop.getAsBoolean();
    }

    /** Why the last round's worker stopped; null where none did. */
    String divergence() {
        return last.result().divergence();
    }

    /** The last round's line, for more of it to be said. */
    Map<String, Object> line() {
        return line;
    }

    /** Writes the last round's line. */
    void write() {
        if (line != null) {
            record.add(line);
            progress.show(line);
            line = null;
        }
    }
}

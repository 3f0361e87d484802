package org.coinflip.spark.train;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.coinflip.model.training.updater.Plateau;
import org.coinflip.spark.evaluation.EarlyStopping;
import org.coinflip.spark.record.TrainingProgress;
import org.coinflip.spark.record.TrainingRecord;
import org.coinflip.spark.round.Round;
import org.coinflip.spark.round.RoundSnapshot;
import org.coinflip.spark.round.Rounds;
import org.coinflip.spark.round.SnapshotSchedule;
import org.coinflip.spark.state.StateVector;

/**
 * Counts the rounds of a training and writes a line for each, in their order: a marked round's when it has been handed over, and those after it then.
 * Rounds that were run beyond the end of the training count for nothing.
 */
final class TrainingLoop implements Rounds.Listener {
    /** What is seen of a state that is handed over. */
    interface Look {
        /**
         * Looks.
         *
         * @param line of the round, for more of it to be said
         * @return the score, less being better
         */
        double at(RoundSnapshot snapshot, Map<String, Object> line);
    }

    private final TrainingRecord record;
    private final TrainingProgress progress;
    private final SnapshotSchedule marks;
    private final BooleanSupplier stop;
    private final EarlyStopping stopping;
    private final Plateau plateau;
    private final Function<Round, Map<String, Object>> lines;
    private final Look look;
    private final Runnable report;
    private final Queue<Round> waiting = new ArrayDeque<>();
    private String divergence;
    /** The state after the look that ended the training early; rounds may have been run since. */
    private StateVector end;

    private volatile boolean over;
    /** Whether the time that the training has was over before its last round. */
    private volatile boolean timeUp;

    /**
     * @param stop whether the training is asked to end, in any thread
     * @param lines what is written of a round that the record has counted
     * @param report run when a look's line is written
     */
    TrainingLoop(
            TrainingRecord record,
            TrainingProgress progress,
            SnapshotSchedule marks,
            BooleanSupplier stop,
            EarlyStopping stopping,
            Plateau plateau,
            Function<Round, Map<String, Object>> lines,
            Look look,
            Runnable report) {
        this.record = record;
        this.progress = progress;
        this.marks = marks;
        this.stop = stop;
        this.stopping = stopping;
        this.plateau = plateau;
        this.lines = lines;
        this.look = look;
        this.report = report;
    }

    /**
     * Runs a training's rounds.
     *
     * @param rounds of the whole training
     * @throws org.coinflip.spark.checkpoint.TrainingStopped where it was asked to end before its time
     */
    void run(Rounds trainer, int rounds) {
        while (record.round() < rounds && divergence == null && !stopping.isOver() && !timeUp) {
            progress.rounds(record.round(), rounds);
            trainer.run(record.round(), rounds, marks, this);
            if (!waiting.isEmpty()) {
                handed(new RoundSnapshot(waiting.peek().number(), trainer.vectors()));
            }
            if (divergence == null) {
                record.endIfAsked(trainer, stopping);
                record.checkpointByTime(trainer, stopping);
            }
        }
    }

    /** What a training that was run gives: the state of the best look, or the last that did not diverge. */
    StateVector result(Rounds trainer) {
        return divergence == null
                ? stopping.best().or(() -> Optional.ofNullable(end)).orElseGet(trainer::state)
                : trainer.state();
    }

    @Override
    public void done(Round round) {
        if (!over) {
            waiting.add(round);
            writeOthers();
        }
    }

    /** Writes the lines of rounds that are not to be handed over; when time is up the last waits, for it is looked at. */
    private void writeOthers() {
        while (!waiting.isEmpty()) {
            Round next = waiting.peek();
            divergence = next.result().divergence();
            if (divergence == null && (marks.isMark(next.number()) || (timeUp && waiting.size() == 1))) {
                return;
            }
            waiting.remove();
            write(count(next));
        }
    }

    @Override
    public void handed(RoundSnapshot snapshot) {
        if (over) {
            return;
        }
        Round round = waiting.remove();
        if (round.number() != snapshot.round()) {
            throw new IllegalStateException("round " + snapshot.round() + " was handed over before " + round.number());
        }
        Map<String, Object> line = count(round);
        double score = Double.NaN;
        if (marks.isLook(snapshot.round())) {
            score = look.at(snapshot, line);
            stopping.look(record.round(), score, snapshot.state());
            plateau.look(score);
        } else if (timeUp && waiting.isEmpty()) {
            // seen because time ended: it decides nothing, for a training that goes on does not have it
            score = look.at(snapshot, line);
            line.put(EarlyStopping.DECIDES_NOTHING, true);
        }
        write(line);
        if (!Double.isNaN(score)) {
            report.run();
        }
        record.checkpoint(snapshot.vectors(), stopping, score);
        over = stopping.isOver();
        if (over) {
            end = snapshot.state();
            waiting.clear();
        } else {
            writeOthers();
        }
    }

    private Map<String, Object> count(Round round) {
        record.count(round);
        return lines.apply(round);
    }

    private void write(Map<String, Object> line) {
        record.add(line);
        progress.show(line);
    }

    @Override
    public double rateFactor() {
        return plateau.factor();
    }

    @Override
    public boolean isToEnd() {
        if (record.isTimeUp()) {
            timeUp = true;
        }
        return stop.getAsBoolean() || over || timeUp || record.isCheckpointDue();
    }

    /** Why the last round's worker stopped; null where none did. */
    String divergence() {
        return divergence;
    }
}

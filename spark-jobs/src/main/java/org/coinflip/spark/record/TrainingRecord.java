package org.coinflip.spark.record;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coinflip.model.training.TimeLimit;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Progress;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.checkpoint.Snapshot;
import org.coinflip.spark.checkpoint.TrainingStopped;
import org.coinflip.spark.evaluation.EarlyStopping;
import org.coinflip.spark.round.Round;
import org.coinflip.spark.round.RoundPlan;
import org.coinflip.spark.round.RoundResult;
import org.coinflip.spark.round.Rounds;

/**
 * How far a training is and what it leaves on its way: counters, a line of measurements a round, checkpoints. The training's thread has it to
 * itself but for {@link #giveUp}.
 */
public final class TrainingRecord implements AutoCloseable {
    /** What a summary says of a training that ended before its last round, by itself. */
    static final String ENDED_BY = "endedBy";

    private static final byte[] NO_METRICS = new byte[0];

    private final Output output;
    private final String kernels;
    private final int rounds;
    private final TimeLimit limit;
    private final Ending ending;
    private final MetricsLog metrics;
    private final long began = System.nanoTime();
    private final long nanosBefore;
    private int round;
    /** The round of the last checkpoint. */
    private int written;

    /** When it was written, by {@link System#nanoTime}; the beginning of this process's part before the first. */
    private volatile long writtenAt = began;

    /** What a checkpoint would have been of after the last round that was handed over; null where it has one. */
    private Kept kept;

    private long examples;
    private long steps;
    private long examplesHere;
    private long roundNanosHere;

    /**
     * Begins where the output says.
     *
     * @param kernels what rounds are computed with
     * @param rounds of the whole training
     * @param maxSeconds time of all rounds, in the processes before too, after which no round is begun; 0 for no limit
     * @param ending whether the training is asked to end; where it is and does not, in the time that it has for it, {@link #giveUp} is called
     */
    public TrainingRecord(Output output, String kernels, int rounds, double maxSeconds, Ending ending) {
        this.output = output;
        this.kernels = kernels;
        this.rounds = rounds;
        this.ending = ending;
        Optional<Snapshot> start = output.start();
        round = start.map(Snapshot::round).orElse(0);
        written = round;
        examples = start.map(Snapshot::examples).orElse(0L);
        steps = start.map(Snapshot::steps).orElse(0L);
        nanosBefore = start.map(Snapshot::nanos).orElse(0L);
        limit = new TimeLimit(maxSeconds, nanosBefore);
        metrics = new MetricsLog(output.run(), start.map(Snapshot::metrics).orElse(new byte[0]));
        ending.inHaste(output.spec().grace(), this::giveUp);
    }

    /** Rounds done. */
    public int round() {
        return round;
    }

    public long examples() {
        return examples;
    }

    public long steps() {
        return steps;
    }

    /** Time of all rounds, in the processes before too. */
    public long nanos() {
        return nanosBefore + System.nanoTime() - began;
    }

    /** Whether the training's time is over. In any thread. */
    public boolean isTimeUp() {
        return limit.isUp();
    }

    /** Whether so much time has gone since the last checkpoint that one is due after the next round. In any thread. */
    public boolean isCheckpointDue() {
        double minutes = output.spec().minutes();
        return minutes > 0 && System.nanoTime() - writtenAt >= minutes * 60e9;
    }

    /**
     * How fast this process is, as summaries have it: {@code examplesPerSecondOfSteps}, by the time of rounds alone, and {@code
     * examplesPerSecondOfRun}, by all its time with reading, looks, checkpoints and the test.
     *
     * @param wallSeconds the latter
     */
    Map<String, Object> rates(double wallSeconds) {
        Map<String, Object> keys = new LinkedHashMap<>();
        double ofSteps = roundNanosHere == 0 ? 0 : examplesHere / (roundNanosHere / 1e9);
        // what summaries had before the two had names
        keys.put("examplesPerSecond", ofSteps);
        keys.put("examplesPerSecondOfSteps", ofSteps);
        keys.put("examplesPerSecondOfRun", examplesHere / wallSeconds);
        return keys;
    }

    /** Counts a round that was run. */
    public synchronized void count(Round done) {
        RoundResult result = done.result();
        examplesHere += result.examples();
        roundNanosHere += done.times().wallNanos();
        round++;
        examples += result.examples();
        steps += result.steps();
    }

    /** Takes the line of the round that was counted last. */
    public synchronized void add(Map<String, Object> line) {
        metrics.add(line);
    }

    /** What is written of a round that was counted. */
    public Map<String, Object> line(Round round, RoundPlan plan, TrainingSpec training, double rateFactor) {
        RoundResult result = round.result();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("round", round.number() + 1);
        line.put("epoch", plan.epochsDone(round.number()));
        line.put("steps", steps);
        line.put("examples", examples);
        line.put("trainLoss", result.lossSum() / result.examples());
        Progress progress = plan.progress(round.number()).rateFactor(rateFactor);
        line.put(
                "learningRate",
                training.updater().learningRate() * training.schedule().factor(progress));
        line.put("examplesPerSecond", result.examples() / (round.times().wallNanos() / 1e9));
        line.put("seconds", nanos() / 1e9);
        line.put("phases", round.times().millis());
        return line;
    }

    public synchronized List<Map<String, Object>> lines() {
        return metrics.lines();
    }

    /** How a summary says it: rounds, where it went on, the look of the network that is the result. */
    Map<String, Object> written(EarlyStopping stopping) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("rounds", round);
        output.start().ifPresent(start -> keys.put("resumedAfterRound", start.round()));
        int result = round;
        if (stopping.best().isPresent()) {
            result = stopping.bestRound();
            keys.put("bestRound", result);
            keys.put("stoppedEarly", stopping.isOver());
        }
        if (isEndedByTime(stopping)) {
            keys.put(ENDED_BY, "training." + TrainingSpec.MAX_SECONDS);
        }
        for (Map<String, Object> line : lines()) {
            if (line.containsKey("valid") && ((Number) line.get("round")).intValue() <= result) {
                keys.put("valid", line.get("valid"));
            }
        }
        return keys;
    }

    /**
     * Writes a checkpoint where one is due: every so many rounds, and where the look was among the best. Otherwise keeps what it would be of.
     *
     * @param vectors of the round that was counted last
     * @param score of the look at the validation split at this round, less being better; NaN without one
     */
    public synchronized void checkpoint(Map<String, float[]> vectors, EarlyStopping stopping, double score) {
        int every = output.spec().every();
        if ((every > 0 && round % every == 0) || output.checkpoints().isAmongBest(score)) {
            write(vectors, stopping, score);
        } else {
            kept = new Kept(snapshot(vectors, stopping, Double.NaN, NO_METRICS), metrics.mark());
        }
    }

    /**
     * Ends a training that is asked to end before its time, with a checkpoint.
     *
     * @param trainer after the round that was counted last
     * @throws TrainingStopped where it was asked to
     */
    public synchronized void endIfAsked(Rounds trainer, EarlyStopping stopping) {
        if (round < rounds && !stopping.isOver() && ending.getAsBoolean()) {
            if (written < round) {
                write(trainer.vectors(), stopping, Double.NaN);
            }
            throw TrainingStopped.after(ending.by(), round, rounds, output.run().path("checkpoints"));
        }
    }

    /** Writes a checkpoint of the round that was counted last, where it has none and time says that it should. */
    public synchronized void checkpointByTime(Rounds trainer, EarlyStopping stopping) {
        if (written < round && (isCheckpointDue() || isEndedByTime(stopping))) {
            write(trainer.vectors(), stopping, Double.NaN);
        }
    }

    private boolean isEndedByTime(EarlyStopping stopping) {
        return round < rounds && !stopping.isOver() && isTimeUp();
    }

    private void write(Map<String, float[]> vectors, EarlyStopping stopping, double score) {
        output.checkpoints().write(snapshot(vectors, stopping, score, metrics.compressed()));
        written = round;
        writtenAt = System.nanoTime();
        kept = null;
    }

    private Snapshot snapshot(Map<String, float[]> vectors, EarlyStopping stopping, double score, byte[] lines) {
        Map<String, float[]> all = new LinkedHashMap<>(vectors);
        all.putAll(stopping.vectors());
        return new Snapshot(round, examples, steps, nanos(), score, kernels, all, lines);
    }

    /**
     * Leaves a training as it is that does not end by itself: writes a checkpoint of what was handed over last, where that has none. In any thread.
     *
     * @return a line that says how to go on
     */
    synchronized String giveUp() {
        if (kept != null) {
            output.checkpoints().write(kept.snapshot().with(metrics.compressed(kept.lines())));
            written = kept.snapshot().round();
            kept = null;
        }
        return TrainingStopped.inHaste(
                ending.by(),
                written,
                rounds,
                output.run().path("checkpoints"),
                output.spec().grace());
    }

    /** @param lines a {@link MetricsLog#mark} */
    private record Kept(Snapshot snapshot, int lines) {}

    @Override
    public void close() {
        metrics.close();
    }
}

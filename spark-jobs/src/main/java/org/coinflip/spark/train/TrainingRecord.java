package org.coinflip.spark.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.coinflip.spark.checkpoint.Snapshot;
import org.coinflip.spark.checkpoint.TrainingStopped;

/** How far a training is and what it leaves on its way: counters, a line of measurements a round, checkpoints. */
final class TrainingRecord implements AutoCloseable {
    private final Output output;
    private final String kernels;
    private final int rounds;
    private final BooleanSupplier stop;
    private final MetricsLog metrics;
    private final long began = System.nanoTime();
    private final long nanosBefore;
    private int round;
    /** The round of the last checkpoint. */
    private int written;

    private long examples;
    private long steps;
    private long examplesHere;
    private long roundNanosHere;

    /**
     * Begins where the output says.
     *
     * @param kernels what rounds are computed with
     * @param rounds of the whole training
     * @param stop whether the training is asked to end
     */
    TrainingRecord(Output output, String kernels, int rounds, BooleanSupplier stop) {
        this.output = output;
        this.kernels = kernels;
        this.rounds = rounds;
        this.stop = stop;
        Optional<Snapshot> start = output.start();
        round = start.map(Snapshot::round).orElse(0);
        examples = start.map(Snapshot::examples).orElse(0L);
        steps = start.map(Snapshot::steps).orElse(0L);
        nanosBefore = start.map(Snapshot::nanos).orElse(0L);
        metrics = new MetricsLog(output.run(), start.map(Snapshot::metrics).orElse(new byte[0]));
    }

    /** Rounds done. */
    int round() {
        return round;
    }

    long examples() {
        return examples;
    }

    long steps() {
        return steps;
    }

    /** Time of all rounds, in the processes before too. */
    long nanos() {
        return nanosBefore + System.nanoTime() - began;
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
    void count(Round done) {
        RoundResult result = done.result();
        examplesHere += result.examples();
        roundNanosHere += done.times().wallNanos();
        round++;
        examples += result.examples();
        steps += result.steps();
    }

    /** Takes the line of the round that was counted last. */
    void add(Map<String, Object> line) {
        metrics.add(line);
    }

    List<Map<String, Object>> lines() {
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
        for (Map<String, Object> line : lines()) {
            if (line.containsKey("valid") && ((Number) line.get("round")).intValue() <= result) {
                keys.put("valid", line.get("valid"));
            }
        }
        return keys;
    }

    /**
     * Writes a checkpoint where one is due: every so many rounds, and where the look was among the best.
     *
     * @param vectors of the round that was counted last
     * @param score of the look at the validation split at this round, less being better; NaN without one
     */
    void checkpoint(Map<String, float[]> vectors, EarlyStopping stopping, double score) {
        int every = output.spec().every();
        if ((every > 0 && round % every == 0) || output.checkpoints().isAmongBest(score)) {
            write(vectors, stopping, score);
        }
    }

    /**
     * Ends a training that is asked to end before its time, with a checkpoint.
     *
     * @param trainer after the round that was counted last
     * @throws TrainingStopped where it was asked to
     */
    void endIfAsked(Rounds trainer, EarlyStopping stopping) {
        if (round < rounds && !stopping.isOver() && stop.getAsBoolean()) {
            if (written < round) {
                write(trainer.vectors(), stopping, Double.NaN);
            }
            throw new TrainingStopped(round, rounds, output.run().path("checkpoints"));
        }
    }

    private void write(Map<String, float[]> vectors, EarlyStopping stopping, double score) {
        Map<String, float[]> all = new LinkedHashMap<>(vectors);
        all.putAll(stopping.vectors());
        output.checkpoints()
                .write(new Snapshot(round, examples, steps, nanos(), score, kernels, all, metrics.compressed()));
        written = round;
    }

    @Override
    public void close() {
        metrics.close();
    }
}

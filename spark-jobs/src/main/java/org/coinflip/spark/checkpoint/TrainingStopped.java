package org.coinflip.spark.checkpoint;

import org.coinflip.model.error.CoinflipException;

/** A training that was asked to end before its time, and can go on; exit code 5. */
public final class TrainingStopped extends CoinflipException {
    private static final long serialVersionUID = 1L;

    private TrainingStopped(String message) {
        super(message, null);
    }

    /**
     * One that ended by itself.
     *
     * @param by the signal
     * @param round rounds done, of so many
     */
    public static TrainingStopped after(String by, int round, int rounds, Object checkpoints) {
        return new TrainingStopped(line(by, round, rounds, checkpoints));
    }

    private static String line(String by, int round, int rounds, Object checkpoints) {
        return "stopped by " + by + " after round " + round + " of " + rounds + ", whose checkpoint is in "
                + checkpoints + ": the same command with resume=true goes on";
    }

    /**
     * Says in a line how one is left that did not end by itself in time.
     *
     * @param round of the last checkpoint; 0 where there is none
     * @param seconds it was given
     */
    public static String inHaste(String by, int round, int rounds, Object checkpoints, long seconds) {
        String late = ", for what came after it did not end in " + seconds + " s (checkpoint.grace)";
        return round == 0
                ? "stopped by " + by + " before there was a checkpoint, for a round or look did not end in " + seconds
                        + " s (checkpoint.grace): the same command with resume=true begins"
                : line(by, round, rounds, checkpoints) + late;
    }

    /**
     * Says in a line how one is left that was stopped before its first round.
     *
     * @param round that it goes on after; 0 where it begins
     */
    public static String early(String by, int round) {
        return "stopped by " + by + " before a round was done: the same command with resume=true "
                + (round == 0 ? "begins" : "goes on after round " + round);
    }

    @Override
    public int exitCode() {
        return 5;
    }
}

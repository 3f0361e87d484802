package org.coinflip.spark.checkpoint;

import org.coinflip.model.error.CoinflipException;

/** A training that was asked to end before its time, and can go on; exit code 5. */
public final class TrainingStopped extends CoinflipException {
    private static final long serialVersionUID = 1L;

    /** @param round rounds done, of so many */
    public TrainingStopped(int round, int rounds, Object checkpoints) {
        super(
                "stopped by SIGTERM after round " + round + " of " + rounds + ", whose checkpoint is in " + checkpoints
                        + ": the same command with resume=true goes on",
                null);
    }

    @Override
    public int exitCode() {
        return 5;
    }
}

package org.coinflip.spark.sweep;

import org.coinflip.model.error.CoinflipException;

/** A sweep that was asked to end before its time, and can go on; exit code 5. */
public final class SweepStopped extends CoinflipException {
    private static final long serialVersionUID = 1L;

    /** @param by the signal */
    SweepStopped(String by) {
        super(line(by), null);
    }

    static String line(String by) {
        return "stopped by " + by + ", with the trials that are done in the journal: the same command goes on";
    }

    @Override
    public int exitCode() {
        return 5;
    }
}

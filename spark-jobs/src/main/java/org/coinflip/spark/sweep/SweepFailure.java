package org.coinflip.spark.sweep;

import org.coinflip.model.error.CoinflipException;

/** A sweep of which no trial is done, or that ended because too many failed; exit code 1. All its files are written. */
public final class SweepFailure extends CoinflipException {
    private static final long serialVersionUID = 1L;

    SweepFailure(String message) {
        super(message, null);
    }

    @Override
    public int exitCode() {
        return 1;
    }
}

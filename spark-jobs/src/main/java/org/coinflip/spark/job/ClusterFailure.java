package org.coinflip.spark.job;

import org.coinflip.model.error.CoinflipException;

/** A cluster that does not run what it is given; exit code 1, for it may later. */
final class ClusterFailure extends CoinflipException {
    private static final long serialVersionUID = 1L;

    ClusterFailure(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitCode() {
        return 1;
    }
}

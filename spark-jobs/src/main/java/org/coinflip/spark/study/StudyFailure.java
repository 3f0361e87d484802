package org.coinflip.spark.study;

import org.coinflip.model.error.CoinflipException;

/** A study that found that something does not hold which should; exit code 1. */
public final class StudyFailure extends CoinflipException {
    private static final long serialVersionUID = 1L;

    public StudyFailure(String message) {
        super(message, null);
    }

    @Override
    public int exitCode() {
        return 1;
    }
}

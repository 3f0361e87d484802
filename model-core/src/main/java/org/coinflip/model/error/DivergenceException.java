package org.coinflip.model.error;

/** A training whose loss or parameters are no longer finite; exit code 4. */
public final class DivergenceException extends CoinflipException {
    private static final long serialVersionUID = 1L;

    public DivergenceException(String message) {
        super(message, null);
    }

    @Override
    public int exitCode() {
        return 4;
    }
}

package org.coinflip.model.error;

/** Data that is missing, damaged or not what its description says; exit code 3. */
public final class DataException extends CoinflipException {
    private static final long serialVersionUID = 1L;

    public DataException(String message) {
        super(message, null);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitCode() {
        return 3;
    }
}

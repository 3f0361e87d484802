package org.coinflip.model.error;

/** A configuration or a command line that cannot be carried out; exit code 2. */
public final class UsageException extends CoinflipException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message, null);
    }

    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitCode() {
        return 2;
    }
}

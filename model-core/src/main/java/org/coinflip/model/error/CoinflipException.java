package org.coinflip.model.error;

/** A failure whose message is one line for the user: what was got, what was expected, what to do. */
public abstract class CoinflipException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    protected CoinflipException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The exit code of a job that ends with this failure: 2 usage, 3 data, 4 diverged, 5 stopped on request, 1 anything else. */
    public abstract int exitCode();
}

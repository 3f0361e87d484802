package org.coinflip.spark.output;

/** Why something failed, in a line: what file systems say may have several. */
public final class Reason {
    private Reason() {}

    /** The first line of a failure's message; its type where it has none. */
    public static String of(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElseThrow();
    }
}

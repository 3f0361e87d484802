package org.coinflip.spark.output;

import java.util.Locale;

/** Why something failed, in a line: what file systems say may have several. */
public final class Reason {
    private Reason() {}

    /** What may help where something could not be written; not to make room where it is not room that lacks. */
    public static String remedy(Throwable failure) {
        String reason = of(failure).toLowerCase(Locale.ROOT);
        if (reason.contains("permission") || reason.contains("read-only") || reason.contains("not permitted")) {
            return "correct its permissions, or name another output";
        }
        return reason.contains("no space") || reason.contains("quota")
                ? "make room, or name another output"
                : "look at its file system, make room, or name another output";
    }

    /** The first line of a failure's message; its type where it has none. */
    public static String of(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElseThrow();
    }
}

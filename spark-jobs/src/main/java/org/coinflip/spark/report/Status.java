package org.coinflip.spark.report;

import java.util.Locale;

/**
 * How a run ended.
 *
 * @param text in the run's own word
 * @param reason why it did not end well, empty where there is nothing to say
 * @param tone {@code good}, {@code bad} or {@code open}: the colour it is shown in
 */
public record Status(String text, String reason, String tone) {
    public static Status of(String text, String reason) {
        return new Status(
                text,
                reason,
                switch (text.toLowerCase(Locale.ROOT)) {
                    case "done", "completed", "succeeded" -> "good";
                    case "diverged", "failed", "error" -> "bad";
                    default -> "open";
                });
    }

    public boolean hasReason() {
        return !reason.isEmpty();
    }
}

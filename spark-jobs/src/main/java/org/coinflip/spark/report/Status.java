package org.coinflip.spark.report;

import java.util.Locale;

/**
 * How a run ended.
 *
 * @param text in the run's own word
 * @param tone {@code good}, {@code bad} or {@code open}: the colour it is shown in
 */
record Status(String text, String tone) {
    static Status of(String text) {
        return new Status(
                text,
                switch (text.toLowerCase(Locale.ROOT)) {
                    case "done", "completed", "succeeded" -> "good";
                    case "diverged", "failed", "error" -> "bad";
                    default -> "open";
                });
    }
}

package org.coinflip.spark.train;

import java.util.Locale;
import java.util.Map;

/** One line on the terminal that says how far the training is; silent where there is no terminal, and under CI. */
final class ProgressLine implements AutoCloseable {
    private static final long LEAST_NANOS = 200_000_000L;

    private final int rounds;
    private final boolean shown = System.console() != null && System.getenv("CI") == null;
    private long last;
    private String valid = "";

    ProgressLine(int rounds) {
        this.rounds = rounds;
    }

    void show(Map<String, Object> line) {
        if (line.get("valid") instanceof Map<?, ?> score) {
            valid = "  valid " + (score.containsKey("meanReturn") ? PolicySummary.text(score) : Summary.text(score));
        }
        int round = (Integer) line.get("round");
        long now = System.nanoTime();
        if (!shown || (now - last < LEAST_NANOS && round < rounds)) {
            return;
        }
        last = now;
        double seconds = (Double) line.get("seconds");
        System.err.printf(
                Locale.ROOT,
                "\r\u001b[Kround %d/%d  epoch %.1f  %s%s  %,.0f examples/s  %s left",
                round,
                rounds,
                (Double) line.get("epoch"),
                line.containsKey("meanReturn")
                        ? String.format(Locale.ROOT, "return %.2f", (Double) line.get("meanReturn"))
                        : String.format(Locale.ROOT, "loss %.4f", (Double) line.get("trainLoss")),
                valid,
                (Double) line.get("examplesPerSecond"),
                duration(seconds / round * (rounds - round)));
    }

    private static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60
                ? whole + " s"
                : whole < 3600
                        ? whole / 60 + " min " + whole % 60 + " s"
                        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    @Override
    public void close() {
        if (shown && last != 0) {
            System.err.println();
        }
    }
}

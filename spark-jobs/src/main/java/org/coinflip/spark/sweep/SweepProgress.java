package org.coinflip.spark.sweep;

import java.util.Locale;

/** One line on the terminal that says how far the sweep is; silent where there is no terminal, and under CI. */
final class SweepProgress implements AutoCloseable {
    private static final long LEAST_NANOS = 200_000_000L;

    private final SweepSpec spec;
    private final int before;
    private final boolean shown = System.console() != null && System.getenv("CI") == null;
    private final long began = System.nanoTime();
    private long last;

    /** @param before trials that an earlier run has done */
    SweepProgress(SweepSpec spec, int before) {
        this.spec = spec;
        this.before = before;
    }

    void show(Results results) {
        long now = System.nanoTime();
        if (!shown || (now - last < LEAST_NANOS && results.size() < results.trials())) {
            return;
        }
        last = now;
        double seconds = (now - began) / 1e9;
        int done = Math.max(1, results.size() - before);
        System.err.printf(
                Locale.ROOT,
                "\r\u001b[K%d/%d trials  %d failed  best %s %.4g  %.2f trials/s  %.0f s left",
                results.size(),
                results.trials(),
                results.failed(),
                spec.metric(),
                results.best(),
                done / seconds,
                seconds / done * (results.trials() - results.size()));
    }

    @Override
    public void close() {
        if (shown && last != 0) {
            System.err.println();
        }
    }
}

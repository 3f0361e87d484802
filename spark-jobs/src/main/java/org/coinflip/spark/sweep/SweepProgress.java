package org.coinflip.spark.sweep;

import java.util.Locale;
import org.apache.spark.SparkConf;
import org.coinflip.spark.output.ProgressLine;

/** How far a sweep is, in a line. */
final class SweepProgress implements AutoCloseable {
    private final SweepSpec spec;
    private final ProgressLine line;
    private final long began = System.nanoTime();
    private int before;

    SweepProgress(SweepSpec spec, SparkConf conf) {
        this.spec = spec;
        this.line = ProgressLine.of(conf);
    }

    /**
     * Says what begins, and where the report will be.
     *
     * @param done trials that an earlier run has done
     */
    void begin(int trials, int done, String report) {
        before = done;
        line.begin(spec.name() + ": " + trials + " trials" + (before == 0 ? "" : ", " + before + " of them done before")
                + "; report " + report);
    }

    void show(Results results) {
        line.show(false, () -> text(results));
    }

    private String text(Results results) {
        double seconds = (System.nanoTime() - began) / 1e9;
        int done = Math.max(1, results.size() - before);
        return String.format(
                Locale.ROOT,
                "%d of %d trials, %d failed, best %s %.4g, %.2f trials/s, %.0f s left",
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
        line.close();
    }
}

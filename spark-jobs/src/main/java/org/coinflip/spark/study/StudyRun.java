package org.coinflip.spark.study;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.coinflip.model.kernel.Backend;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.output.Redaction;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.output.Versions;
import org.coinflip.spark.preflight.SparkSettings;

/** One run of a study: its folder with {@code summary.json}, {@code report.html} and what the study writes. */
public final class StudyRun {
    private final StudySpec spec;
    private final RunDirectory folder;

    private StudyRun(StudySpec spec, RunDirectory folder) {
        this.spec = spec;
        this.folder = folder;
    }

    /** Refuses an output that cannot be written; writes nothing. */
    public static StudyRun prepare(StudySpec spec) {
        return new StudyRun(spec, RunDirectory.at(spec.output(), spec.overwrite(), HadoopConfiguration.ofDriver()));
    }

    /**
     * Runs, writes and prints.
     *
     * @throws StudyFailure where something does not hold that should; all files are written then too
     */
    public Map<String, Object> run(SparkSession spark) {
        try (RunDirectory.Hold hold = folder.hold("study")) {
            return runHeld(spark);
        }
    }

    private Map<String, Object> runHeld(SparkSession spark) {
        Instant started = Instant.now();
        long began = System.nanoTime();
        SparkSettings.require(spark.sparkContext().getConf());
        folder.create();
        StudyOutcome outcome = spec.study().run(spark, folder, spec.seed());
        double seconds = (System.nanoTime() - began) / 1e9;
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("job", "study");
        summary.put("name", spec.name());
        summary.put("status", outcome.failure().isPresent() ? "failed" : "done");
        outcome.failure().ifPresent(reason -> summary.put("reason", reason));
        summary.put("started", started.toString());
        summary.put("seed", spec.seed());
        summary.put("wallSeconds", seconds);
        summary.putAll(outcome.summary());
        summary.put("config", Redaction.redact(spec.write()));
        summary.put("versions", Versions.of(Backend.detect().name(), spark.version()));
        folder.writeSealed("summary.json", summary);
        folder.write("report.html", outcome.report().html(summary));
        System.out.printf(
                Locale.ROOT,
                "%s %s: %s; %.1f s%nreport %s%n",
                spec.name(),
                summary.get("status"),
                outcome.line(),
                seconds,
                folder.path("report.html"));
        if (outcome.failure().isPresent()) {
            throw new StudyFailure(outcome.failure().get());
        }
        return summary;
    }
}

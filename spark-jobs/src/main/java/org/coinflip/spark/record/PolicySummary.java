package org.coinflip.spark.record;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.coinflip.model.network.Network;
import org.coinflip.model.reward.ReturnScore;
import org.coinflip.model.training.LayerStatistics;
import org.coinflip.spark.evaluation.EarlyStopping;
import org.coinflip.spark.experiment.RewardExperiment;
import org.coinflip.spark.output.Redaction;

/** The {@code summary.json} of a policy's training, put together as it becomes known. */
public final class PolicySummary {
    private final RewardExperiment experiment;
    private final Network network;
    private final Instant started = Instant.now();
    private final long began = System.nanoTime();
    private final Map<String, Object> versions;
    private Map<String, Object> course = Map.of();
    private long steps;
    private TrainingRecord record;
    private double trainingSeconds;

    public PolicySummary(RewardExperiment experiment, Network network, Map<String, Object> versions) {
        this.experiment = experiment;
        this.network = network;
        this.versions = versions;
    }

    /** Takes what the rounds gave. */
    public void trained(TrainingRecord record, EarlyStopping stopping) {
        steps = record.examples();
        trainingSeconds = record.nanos() / 1e9;
        this.record = record;
        course = record.written(stopping);
    }

    public Map<String, Object> write(
            String divergence, ReturnScore test, List<LayerStatistics> layers, String parametersSha256) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("job", "train");
        keys.put("name", experiment.name());
        keys.put("status", divergence == null ? "done" : "diverged");
        if (divergence != null) {
            keys.put("reason", divergence);
        }
        keys.put("started", started.toString());
        keys.put("seed", experiment.seed());
        keys.put("workers", experiment.averaging().workers());
        keys.put("parameters", network.layout().parameters());
        double wallSeconds = (System.nanoTime() - began) / 1e9;
        keys.put("wallSeconds", wallSeconds);
        keys.put("trainingSeconds", trainingSeconds);
        keys.putAll(record.rates(wallSeconds));
        keys.put("parametersSha256", parametersSha256);
        keys.putAll(course);
        keys.put("test", score(test));
        keys.put("layers", Summary.layers(layers));
        keys.put("config", Redaction.redact(experiment.write()));
        keys.put("versions", versions);
        return keys;
    }

    /** How a score is written. */
    public static Map<String, Object> score(ReturnScore score) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("meanReturn", score.meanReturn());
        keys.put("standardError", score.standardError());
        keys.put("episodes", score.episodes());
        keys.put("meanLength", score.meanLength());
        return keys;
    }

    /** A score, as {@link #score} writes it, for a person. */
    static String text(Map<?, ?> score) {
        return String.format(
                Locale.ROOT,
                "return %.3f ± %.3f over %d episodes",
                (Double) score.get("meanReturn"),
                (Double) score.get("standardError"),
                (Long) score.get("episodes"));
    }

    /** The result in a few lines for the terminal. */
    public void print(Map<String, Object> whole, String folder) {
        System.out.printf(
                Locale.ROOT,
                "%s %s: test %s; %,.0f steps/s in rounds, %,.0f over all %.1f s%nparameters %s%nreport %s/report.html%n",
                experiment.name(),
                whole.get("status"),
                text((Map<?, ?>) whole.get("test")),
                (Double) whole.get("examplesPerSecondOfSteps"),
                (Double) whole.get("examplesPerSecondOfRun"),
                (Double) whole.get("wallSeconds"),
                whole.get("parametersSha256"),
                folder);
    }
}

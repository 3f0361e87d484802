package org.coinflip.spark.record;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.coinflip.data.Description;
import org.coinflip.data.Split;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.energy.EnergyLayer;
import org.coinflip.model.layer.experts.ExpertsLayer;
import org.coinflip.model.layer.experts.ExpertsWork;
import org.coinflip.model.measure.MeasurePlan;
import org.coinflip.model.measure.Measures;
import org.coinflip.model.measure.Metric;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.training.GateCounts;
import org.coinflip.model.training.LayerStatistics;
import org.coinflip.model.training.Score;
import org.coinflip.model.training.Settling;
import org.coinflip.model.training.StepTime;
import org.coinflip.model.training.StepVariance;
import org.coinflip.spark.evaluation.Assessment;
import org.coinflip.spark.evaluation.EarlyStopping;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.output.Redaction;

/** The {@code summary.json} of a training, put together as it becomes known. */
public final class Summary {
    /** Part of the examples whose class may change after a free phase without a warning. */
    private static final double MOST_CHANGED = 0.01;

    private final Experiment experiment;
    private final Network network;
    private final Instant started;
    private final Map<String, Object> versions;
    private Map<String, Object> course = Map.of();
    private long examples;
    private double trainingSeconds;
    private TrainingRecord record;

    public Summary(Experiment experiment, Network network, Instant started, Map<String, Object> versions) {
        this.experiment = experiment;
        this.network = network;
        this.started = started;
        this.versions = versions;
    }

    /** How many examples it was trained on. */
    public long trained() {
        return examples;
    }

    /** What is known while it trains. */
    public Map<String, Object> underWay() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("job", "train");
        keys.put("name", experiment.name());
        keys.put("status", "running");
        keys.put("started", started.toString());
        keys.put("seed", experiment.seed());
        keys.put("workers", experiment.averaging().workers());
        keys.put("parameters", network.layout().parameters());
        keys.put("config", Redaction.redact(experiment.write(network.spec())));
        keys.put("versions", versions);
        return keys;
    }

    /** Takes what the rounds gave. */
    public void trained(TrainingRecord record, EarlyStopping stopping) {
        examples = record.examples();
        trainingSeconds = record.nanos() / 1e9;
        this.record = record;
        course = record.written(stopping);
    }

    public Map<String, Object> write(
            String status,
            String reason,
            Assessment test,
            List<Map<String, Object>> layers,
            String parametersSha256,
            double wallSeconds) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("job", "train");
        keys.put("name", experiment.name());
        keys.put("status", status);
        if (reason != null) {
            keys.put("reason", reason);
        }
        keys.put("started", started.toString());
        keys.put("seed", experiment.seed());
        keys.put("workers", experiment.averaging().workers());
        keys.put("parameters", network.layout().parameters());
        keys.put("wallSeconds", wallSeconds);
        keys.put("trainingSeconds", trainingSeconds);
        keys.putAll(record.rates(wallSeconds));
        keys.put("parametersSha256", parametersSha256);
        keys.putAll(course);
        keys.put("test", assessed(test, network));
        keys.put("layers", layers);
        keys.put("config", Redaction.redact(experiment.write(network.spec())));
        keys.put("versions", versions);
        return keys;
    }

    /** How a score is written: with an error where something is told wrongly, and a number of errors where that is an example; otherwise with a squared error. */
    public static Map<String, Object> score(Score score, Network network) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("loss", score.loss());
        Objective objective = network.spec().output().objective();
        if (objective.countsErrors()) {
            keys.put("error", score.error());
            if (objective.isOfClasses()) {
                keys.put("errors", score.errors());
            }
        } else {
            keys.put("squaredError", score.error());
        }
        keys.put("examples", score.examples());
        return keys;
    }

    /** Everything that can be measured of a network that is used so. */
    public static MeasurePlan measured(Network network, EvaluationSpec evaluation) {
        return MeasurePlan.all(
                network.spec().output().objective(), network.spec().output().units(), evaluation.draws());
    }

    /** How a score is written with what was measured, under {@code measures}. */
    public static Map<String, Object> assessed(Assessment assessment, Network network) {
        Map<String, Object> keys = score(assessment.score(), network);
        Map<String, Object> measures = assessment.measures().write();
        if (!measures.isEmpty()) {
            keys.put("measures", measures);
        }
        return keys;
    }

    /** How a look is written: its score, and under {@code measures} the metric that was measured, where it is no score's. */
    public static Map<String, Object> look(Score score, Measures measures, Metric metric, Network network) {
        Map<String, Object> keys = score(score, network);
        Object value = metric.isOfScores() ? null : measures.write().get(metric.key());
        if (value != null) {
            keys.put("measures", Map.of(metric.key(), value));
        }
        return keys;
    }

    /** A score, as {@link #score} writes it, for a person. */
    public static String text(Map<?, ?> score) {
        if (!score.containsKey("error")) {
            return String.format(Locale.ROOT, "loss %.4f, squared error %.5f", (Double) score.get("loss"), (Double)
                    score.get("squaredError"));
        }
        String counts = score.containsKey("errors")
                ? String.format(Locale.ROOT, " (%d of %d)", (Long) score.get("errors"), (Long) score.get("examples"))
                : " of the steps";
        return String.format(
                Locale.ROOT, "error %.2f %%%s, loss %.4f", 100 * (Double) score.get("error"), counts, (Double)
                        score.get("loss"));
    }

    /** How the stochastic layers' statistics are written. */
    public static List<Map<String, Object>> layers(List<LayerStatistics> layers) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (LayerStatistics layer : layers) {
            Map<String, Object> keys = new LinkedHashMap<>();
            keys.put("layer", layer.layer());
            keys.put("law", layer.type());
            keys.put("estimator", layer.estimator());
            keys.put("units", layer.firingRates().size());
            keys.put("firingRate", layer.firingRate());
            keys.put("deadUnits", layer.deadUnits());
            keys.put("saturatedUnits", layer.saturatedUnits());
            keys.put("gradientVariance", layer.gradientVariance());
            if (Double.isFinite(layer.signalToNoise())) {
                keys.put("signalToNoise", layer.signalToNoise());
            }
            layer.cosine().ifPresent(cosine -> keys.put("cosine", cosine));
            if (!layer.candidates().isEmpty()) {
                keys.put("candidates", layer.candidates());
            }
            all.add(keys);
        }
        return all;
    }

    /** Adds to layers, as {@link #layers} writes them, where the noise of their steps comes from. */
    public static void addVariance(List<Map<String, Object>> layers, List<StepVariance> variances) {
        for (StepVariance variance : variances) {
            for (Map<String, Object> keys : layers) {
                if (keys.get("layer").equals(variance.layer())) {
                    keys.put("stepSignal", variance.signal());
                    keys.put("stepVarianceOfData", variance.data());
                    keys.put("stepVarianceOfCoins", variance.coins());
                    keys.put("partOfCoins", variance.partOfCoins());
                }
            }
        }
    }

    /** How it is written whether an energy-based network settles; like a layer. */
    public static List<Map<String, Object>> settling(Optional<Settling> settling) {
        Map<String, Object> keys = new LinkedHashMap<>();
        settling.ifPresent(found -> {
            keys.put("layer", found.layer());
            keys.put("law", EnergyLayer.TYPE);
            keys.put("units", found.units());
            keys.put("steps", found.steps());
            keys.put("persistent", found.persistent());
            keys.put("energy", found.energy());
            keys.put("residual", found.residual());
            keys.put("changedLater", found.changed());
        });
        return keys.isEmpty() ? List.of() : List.of(keys);
    }

    /**
     * How layers that gates open or close parts of are written.
     *
     * @param gates how often their gates were open
     * @param state after training
     * @param trained how many examples it was trained on; 0 where that is not known
     * @param batch examples of a step
     * @param time of a step, where it was measured
     */
    public static List<Map<String, Object>> experts(
            List<GateCounts> gates, Network network, State state, long trained, int batch, Optional<StepTime> time) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (GateCounts counts : gates) {
            Layer gated = network.layers().get(counts.layer());
            Map<String, Object> keys = new LinkedHashMap<>();
            keys.put("layer", counts.layer());
            keys.put("law", gated.write().get("type"));
            keys.put("units", counts.rates().size());
            keys.put("activeFraction", counts.activeFraction());
            keys.put("deadUnits", counts.dead());
            keys.put("saturatedUnits", counts.alwaysOpen());
            all.add(keys);
            if (!(gated instanceof ExpertsLayer layer)) {
                continue;
            }
            ExpertsWork work = ExpertsWork.of(counts.layer(), state);
            if (trained > 0 && work.isKnown()) {
                double each = (double) trained * layer.experts();
                double forward = each * layer.multiplyAdds();
                double backward = each * layer.backwardMultiplyAdds(counts.layer());
                double done = forward * work.forward() + backward * work.backward();
                keys.put("multiplyAddsDone", done);
                keys.put("multiplyAddsSaved", forward + backward - done);
                time.ifPresent(t -> {
                    keys.put("stepMillis", t.millis());
                    keys.put("denseStepMillis", t.denseMillis());
                    keys.put("secondsSaved", (t.denseMillis() - t.millis()) * trained / batch / 1000);
                });
            }
        }
        return all;
    }

    /** The result in a few lines for the terminal; the last says on which data. */
    public void print(Map<String, Object> whole, String folder, Description data) {
        System.out.printf(
                Locale.ROOT,
                "%s %s: test %s; %,.0f examples/s in steps, %,.0f over all %.1f s%nparameters %s%nreport %s/report.html%n",
                experiment.name(),
                whole.get("status"),
                text((Map<?, ?>) whole.get("test")),
                (Double) whole.get("examplesPerSecondOfSteps"),
                (Double) whole.get("examplesPerSecondOfRun"),
                (Double) whole.get("wallSeconds"),
                whole.get("parametersSha256"),
                folder);
        warn((List<?>) whole.get("layers"));
        String from = String.join(", ", experiment.data().inputs().values());
        System.out.printf(
                Locale.ROOT,
                "data %s%s: %d training, %d validation and %d test examples%n",
                data.name(),
                from.isEmpty()
                        ? ""
                        : " " + Redaction.redact(Map.of("data", from)).get("data"),
                data.split(Split.TRAIN).examples(),
                data.split(Split.VALID).examples(),
                data.split(Split.TEST).examples());
    }

    /** Says in a line where free phases of an energy-based network do not settle. */
    public static void warn(List<?> layers) {
        for (Object layer : layers) {
            Object changed = ((Map<?, ?>) layer).get("changedLater");
            if (changed != null && (Double) changed > MOST_CHANGED) {
                boolean persistent = (Boolean) ((Map<?, ?>) layer).get("persistent");
                System.out.printf(
                        Locale.ROOT,
                        "warning: free phases from rest have not settled: %.1f %% of the examples are of another class after %d"
                                + " times the steps; raise %s, or set a smaller initial-scale%n",
                        100 * (Double) changed,
                        Settling.LONGER,
                        persistent ? "steps-from-rest" : "steps, or set persistent = true");
            }
        }
    }
}

package org.coinflip.spark.sweep.trial;

import com.typesafe.config.Config;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.coinflip.data.Description;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.measure.Metric;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.GateCounts;
import org.coinflip.model.training.LayerStatistics;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.shard.LocalShards;
import org.coinflip.spark.sweep.space.Overlay;
import org.coinflip.spark.train.TrialRules;
import org.coinflip.spark.train.TrialTraining;

/**
 * {@code sweep.trial = train}: a training in the task's thread, all its logical workers one after another; the bits are those of the job
 * {@code train} with the same experiment. A rung goes on from the state that the rung below left; where that is gone, from the start.
 */
public final class TrainingProgram implements TrialProgram {
    private static final long serialVersionUID = 1L;

    @Override
    public void check(Section settings) {
        TrialRules.check(Experiment.read(settings));
    }

    @Override
    public void check(Config settings, Description data) {
        TrialRules.check(Experiment.read(settings), data);
    }

    /** Only what is told apart can be told wrongly, and only what is not has a squared error. */
    @Override
    public void checkMetrics(Config settings, Description data, List<String> names) {
        boolean classifies = TrialRules.classifies(Experiment.read(settings), data);
        for (String split : List.of("valid.", "test.")) {
            String missing = split + error(!classifies);
            if (names.contains(missing)) {
                throw new UsageException("sweep.metric: got " + missing + ", expected " + split + error(classifies)
                        + ", " + split + "loss or another: this network "
                        + (classifies ? "tells classes apart" : "has no classes to tell apart"));
            }
        }
    }

    private static String error(boolean classifies) {
        return classifies ? "error" : "squaredError";
    }

    @Override
    public void checkParts(Config settings) {
        TrialRules.checkParts(Experiment.read(settings));
    }

    /** With every default written out, where the experiment is whole without its axes; else as it is written. */
    @Override
    public Map<String, Object> identity(Config settings, Optional<Description> data) {
        try {
            return TrialRules.identity(Experiment.read(settings), data.orElseThrow());
        } catch (UsageException e) {
            return TrialProgram.super.identity(settings, data);
        }
    }

    @Override
    public Set<String> metrics() {
        Set<String> known = new TreeSet<>(Set.of("valid.squaredError", "test.squaredError", "train.loss"));
        for (Metric metric : Metric.values()) {
            known.add("valid." + metric.key());
            known.add("test." + metric.key());
        }
        return known;
    }

    /**
     * The metric that a trial has to measure for what a sweep compares; empty where every score has it.
     *
     * @param compared one of {@link #metrics}
     */
    public static Optional<Metric> measured(String compared) {
        String key = compared.substring(compared.indexOf('.') + 1);
        return Arrays.stream(Metric.values())
                .filter(metric -> !metric.isOfScores() && metric.key().equals(key))
                .findFirst();
    }

    @Override
    public boolean needsData() {
        return true;
    }

    @Override
    public int epochs(Config settings) {
        return Experiment.read(settings).training().epochs();
    }

    @Override
    public Outcome run(Config settings, TrialRequest request, Checkpoints checkpoints)
            throws IOException, InterruptedException {
        TrialData data = request.data().value();
        return run(settings, request, checkpoints, (part, start, from, to) -> {
            LocalShards shards = data.shards(part.averaging().workers(), part.seed());
            return new TrialTraining(part, Optional.of(data.kernels()), data.shape(), data.valid(), data.test())
                    .run(shards, start, from, to);
        });
    }

    /** How a part of a training is run. */
    public interface Trainer {
        TrialTraining.Result run(Experiment experiment, Map<String, float[]> start, int from, int to)
                throws InterruptedException;
    }

    /** The same wherever the workers run. */
    public static Outcome run(Config settings, TrialRequest request, Checkpoints checkpoints, Trainer trainer)
            throws IOException, InterruptedException {
        Experiment experiment = Experiment.read(settings);
        int to = request.to() == 0 ? experiment.training().epochs() : request.to();
        if (request.from() > 0 || to < experiment.training().epochs()) {
            TrialRules.checkParts(experiment);
        }
        Optional<Map<String, float[]>> left =
                request.from() == 0 ? Optional.empty() : checkpoints.read(request.parent(), request.rung() - 1);
        int from = left.isPresent() ? request.from() : 0;
        Map<String, float[]> start = left.orElse(Map.of());
        if (left.isEmpty()) {
            for (TrialRequest.Part part : request.before()) {
                Experiment then = Experiment.read(Overlay.apply(settings, TrialRunner.values(part.settings())));
                start = trainer.run(then, start, from, part.to()).vectors();
                from = part.to();
            }
        }
        TrialTraining.Result result = trainer.run(experiment, start, from, to);
        if (result.divergence() != null) {
            throw new DivergenceException(result.divergence());
        }
        if (request.keeps()) {
            checkpoints.write(request.trial(), request.rung(), result.vectors());
        }
        List<TrialRecord.Point> curve = result.curve().stream()
                .filter(look -> look.epoch() > request.from())
                .map(look -> new TrialRecord.Point(
                        look.epoch(),
                        look.trainLoss(),
                        look.valid().loss(),
                        look.valid().error()))
                .toList();
        return new Outcome(
                result.curve().get(result.curve().size() - 1).epoch(),
                metrics(result),
                curve,
                result.parametersSha256());
    }

    private static Map<String, Double> metrics(TrialTraining.Result result) {
        TrialTraining.Look last = result.kept();
        Map<String, Double> metrics = new TreeMap<>();
        metrics.put("train.loss", last.trainLoss());
        metrics.put("valid.loss", last.valid().loss());
        String error = error(result.classifies());
        metrics.put("valid." + error, last.valid().error());
        metrics.put("valid.examples", (double) last.valid().examples());
        metrics.put("test.loss", result.test().loss());
        metrics.put("test." + error, result.test().error());
        metrics.putAll(result.measured());
        metrics.put("test.examples", (double) result.test().examples());
        for (LayerStatistics layer : result.layers()) {
            metrics.put("layer" + layer.layer() + ".firingRate", layer.firingRate());
            metrics.put("layer" + layer.layer() + ".gradientVariance", layer.gradientVariance());
        }
        result.settling().ifPresent(settling -> {
            metrics.put("layer" + settling.layer() + ".residual", settling.residual());
            metrics.put("layer" + settling.layer() + ".changedLater", settling.changed());
        });
        for (GateCounts gates : result.gates()) {
            metrics.put("layer" + gates.layer() + ".activeFraction", gates.activeFraction());
        }
        return metrics;
    }
}

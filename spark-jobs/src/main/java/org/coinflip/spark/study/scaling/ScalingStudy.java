package org.coinflip.spark.study.scaling;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.StepProducts;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.report.StudyReport;
import org.coinflip.spark.study.Study;
import org.coinflip.spark.study.StudyOutcome;
import org.coinflip.spark.train.RoundCosts;

/**
 * The break-even study: measures a worker's step and what a round costs besides on the cluster at hand, and predicts from that how many
 * steps a round must have, and how much of their time workers compute in, on larger clusters. The prediction is {@link
 * RoundCosts#overhead}; it takes a network that is as fast as this one, and workers that are alike.
 *
 * @param inputs features of the random examples
 * @param network its section
 * @param training batch, updater
 * @param stepsPerRound steps of a round
 * @param workers what is predicted for
 * @param rounds that are measured, after a third as many to warm up
 */
public record ScalingStudy(
        int inputs, Config network, TrainingSpec training, int stepsPerRound, List<Integer> workers, int rounds)
        implements Study {
    public static final String TYPE = "scaling";

    private static final List<Double> WORKERS = List.of(10.0, 100.0, 1000.0);
    private static final double[] EFFICIENCIES = {0.5, 0.9, 0.95};

    /** Reads and checks the section. */
    public static ScalingStudy read(Section section) {
        List<Integer> workers = section.numbers("workers", WORKERS).stream()
                .map(Double::intValue)
                .toList();
        if (workers.isEmpty() || workers.stream().anyMatch(k -> k < 1)) {
            throw section.wrong("workers", "a list of whole numbers of at least 1");
        }
        ScalingStudy study = new ScalingStudy(
                section.integer("inputs", 784, 1, 1 << 24),
                section.section("network").config(),
                TrainingSpec.read(section.section("training")),
                section.integer("steps-per-round", 50, 1, 1 << 20),
                workers,
                section.integer("rounds", 30, 1, 1 << 16));
        study.spec();
        return study;
    }

    private NetworkSpec spec() {
        return NetworkSpec.read(Section.root(network.atPath("network")).section("network"), inputs);
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("inputs", inputs);
        keys.put(
                "network",
                Map.of(
                        "layers",
                        spec().layers().stream().map(layer -> layer.write()).toList()));
        keys.put("training", training.write());
        keys.put("steps-per-round", stepsPerRound);
        keys.put("workers", workers);
        keys.put("rounds", rounds);
        return keys;
    }

    @Override
    public StudyOutcome run(SparkSession session, RunDirectory folder, long seed) {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        Network network = new Network(spec());
        KernelChoice kernels = StepProducts.choice(Arithmetic.FAST, network, training);
        RoundCosts costs = RoundCosts.measure(
                spark, network, training, kernels, stepsPerRound, rounds, Math.max(1, rounds / 3), seed);
        return outcome(costs);
    }

    private StudyOutcome outcome(RoundCosts costs) {
        List<Integer> all = new ArrayList<>(workers);
        all.add(0, costs.slots());
        List<List<String>> rows = new ArrayList<>();
        Map<String, Object> predicted = new LinkedHashMap<>();
        for (int k : all) {
            List<String> row = new ArrayList<>(List.of(
                    String.valueOf(k),
                    millis(costs.overhead(k)),
                    String.format(Locale.ROOT, "%.1f %%", 100 * costs.efficiency(k, stepsPerRound))));
            Map<String, Object> keys = new LinkedHashMap<>();
            keys.put("overheadMillis", 1e3 * costs.overhead(k));
            keys.put("efficiency", costs.efficiency(k, stepsPerRound));
            for (double efficiency : EFFICIENCIES) {
                row.add(String.valueOf(costs.breakEven(k, efficiency)));
                keys.put("stepsFor" + Math.round(100 * efficiency) + "Percent", costs.breakEven(k, efficiency));
            }
            rows.add(row);
            predicted.put(String.valueOf(k), keys);
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("slots", costs.slots());
        summary.put("stateBytes", costs.stateBytes());
        summary.put("stepMillis", 1e3 * costs.step());
        summary.put("broadcastMillis", 1e3 * costs.broadcast());
        summary.put("combineMillis", 1e3 * costs.combine());
        summary.put("predicted", predicted);
        StudyReport report = new StudyReport();
        report.tile("Step", millis(costs.step()) + " ms", "of one worker");
        report.tile("State", costs.stateBytes() / 1_000_000 + " MB", costs.slots() + " slots measured");
        report.table(
                "Costs of a round, measured",
                "medians over " + rounds + " rounds",
                List.of("part", "ms"),
                List.of(
                        List.of("state into the workers' memory", millis(costs.broadcast())),
                        List.of("merging, and slices on their way", millis(costs.combine()))));
        report.table(
                "Predicted",
                "the first row is the cluster that was measured; efficiency at " + stepsPerRound + " steps a round",
                List.of("workers", "outside steps, ms", "efficiency", "steps for 50 %", "for 90 %", "for 95 %"),
                rows);
        String line = String.format(
                Locale.ROOT,
                "a step %.2f ms, a round of %d workers %.1f ms besides: %d steps a round for 95 %%",
                1e3 * costs.step(),
                costs.slots(),
                1e3 * costs.overhead(costs.slots()),
                costs.breakEven(costs.slots(), 0.95));
        return new StudyOutcome(line, summary, report, Optional.empty());
    }

    private static String millis(double seconds) {
        return String.format(Locale.ROOT, "%.2f", 1e3 * seconds);
    }
}

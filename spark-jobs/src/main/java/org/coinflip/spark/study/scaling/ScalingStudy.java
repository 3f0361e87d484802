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
import org.coinflip.spark.cost.RoundCosts;
import org.coinflip.spark.cost.TransportCosts;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.preflight.Slots;
import org.coinflip.spark.report.StudyReport;
import org.coinflip.spark.study.Study;
import org.coinflip.spark.study.StudyOutcome;

/**
 * The break-even study: measures a worker's step, what a round's end costs one executor that averages with nobody, and what averaging costs
 * 1, 2, 4, … executors of the cluster at hand; predicts from these how many steps a round must have, and how much of their time workers
 * compute in, on m executors:
 *
 * <pre>  outside steps = a + T(m, P),   efficiency = H s / (H s + outside steps)</pre>
 *
 * with {@link TransportCosts T}. It takes a network that is as fast as this one, and workers that are alike; what it says of the cluster at
 * hand stands beside what was measured there.
 *
 * @param inputs features of the random examples
 * @param network its section
 * @param training batch, updater
 * @param stepsPerRound steps of a round
 * @param workers executors that are predicted for, a worker on each
 * @param rounds that are measured, after a third as many to warm up
 * @param waitMillis how long workers wait in place of their steps where averaging alone is measured
 */
public record ScalingStudy(
        int inputs,
        Config network,
        TrainingSpec training,
        int stepsPerRound,
        List<Integer> workers,
        int rounds,
        int waitMillis)
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
        Section network = section.section("network");
        ScalingStudy study = new ScalingStudy(
                section.integer("inputs", 784, 1, 1 << 24),
                network.config(),
                TrainingSpec.read(section.section("training")),
                section.integer("steps-per-round", 50, 1, 1 << 20),
                workers,
                section.integer("rounds", 30, 1, 1 << 16),
                section.integer("wait-millis", 20, 0, 1 << 16));
        NetworkSpec.read(network, study.inputs);
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
        keys.put("wait-millis", waitMillis);
        return keys;
    }

    @Override
    public StudyOutcome run(SparkSession session, RunDirectory folder, long seed) {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        Network network = new Network(spec());
        KernelChoice kernels = StepProducts.choice(Arithmetic.FAST, network, training);
        int warmUp = Math.max(1, rounds / 3);
        int executors = Slots.executors(spark);
        RoundCosts all = RoundCosts.measure(
                spark, network, training, kernels, Slots.of(spark), stepsPerRound, rounds, warmUp, seed);
        RoundCosts alone =
                RoundCosts.measure(spark, network, training, kernels, 1, stepsPerRound, rounds, warmUp, seed);
        int numbers = Math.toIntExact(all.stateBytes() / Float.BYTES);
        TransportCosts transport =
                TransportCosts.measure(spark, kernels, executors, numbers, waitMillis, rounds, warmUp);
        return outcome(executors, all, alone, transport);
    }

    private StudyOutcome outcome(int executors, RoundCosts all, RoundCosts alone, TransportCosts transport) {
        double here = alone.overhead() + transport.of(executors);
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(executors + ", measured", all, all.overhead()));
        rows.add(row(executors + ", predicted", all, here));
        Map<String, Object> predicted = new LinkedHashMap<>();
        for (int m : workers) {
            double overhead = alone.overhead() + transport.of(m);
            rows.add(row(String.valueOf(m), all, overhead));
            predicted.put(String.valueOf(m), keys(all, overhead));
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("slots", all.slots());
        summary.put("executors", executors);
        summary.put("stateBytes", all.stateBytes());
        summary.put("stepMillis", 1e3 * all.step());
        summary.put("broadcastMillis", 1e3 * all.broadcast());
        summary.put("combineMillis", 1e3 * all.combine());
        summary.put("aloneMillis", 1e3 * alone.overhead());
        summary.put("wireMillis", 1e3 * transport.wire());
        summary.put("latencyMillis", 1e3 * transport.latency());
        summary.put("messageMillis", 1e3 * transport.message());
        summary.put(
                "averaging", transport.seen().stream().map(ScalingStudy::keys).toList());
        summary.put("measured", keys(all, all.overhead()));
        summary.put("predictedHere", keys(all, here));
        summary.put("predicted", predicted);
        StudyReport report = new StudyReport();
        report.tile("Step", millis(all.step()) + " ms", "of one worker");
        report.tile(
                "State", all.stateBytes() / 1_000_000 + " MB", all.slots() + " slots of " + executors + " executors");
        report.table(
                "A round's end, parts",
                "medians over " + rounds + " rounds, and what was fitted to them",
                List.of("part", "ms"),
                List.of(
                        List.of("all slots: state into the workers' memory", millis(all.broadcast())),
                        List.of("all slots: copying out, merging, and slices on their way", millis(all.combine())),
                        List.of("a: one worker alone", millis(alone.overhead())),
                        List.of("wire: a state's bytes between executors, times (m - 1) / m", millis(transport.wire())),
                        List.of("latency of the exchanges along a side", millis(transport.latency())),
                        List.of("a message, of which there are 2 sum(f - 1) along sides f", message(transport))));
        report.table(
                "Averaging alone",
                "workers wait " + waitMillis + " ms in place of steps; ms of a round besides",
                List.of("executors", "the state", "a few bytes", "fitted, without copying"),
                transport.seen().stream()
                        .map(seen -> List.of(
                                String.valueOf(seen.executors()),
                                millis(seen.state()),
                                millis(seen.empty()),
                                millis(transport.of(seen.executors()))))
                        .toList());
        report.table(
                "Predicted",
                "efficiency at " + stepsPerRound + " steps a round; a worker on each executor"
                        + (executors < 3
                                ? "; of fewer than three executors the cost of a message cannot be fitted: too good for many"
                                : ""),
                List.of("executors", "outside steps, ms", "efficiency", "steps for 50 %", "for 90 %", "for 95 %"),
                rows);
        String line = String.format(
                Locale.ROOT,
                "a step %.2f ms, a round of %d workers %.1f ms besides: %d steps a round for 95 %%",
                1e3 * all.step(),
                all.slots(),
                1e3 * all.overhead(),
                all.breakEven(all.overhead(), 0.95));
        return new StudyOutcome(line, summary, report, Optional.empty());
    }

    private List<String> row(String executors, RoundCosts costs, double overhead) {
        List<String> row = new ArrayList<>(List.of(
                executors,
                millis(overhead),
                String.format(Locale.ROOT, "%.1f %%", 100 * costs.efficiency(overhead, stepsPerRound))));
        for (double efficiency : EFFICIENCIES) {
            row.add(String.valueOf(costs.breakEven(overhead, efficiency)));
        }
        return row;
    }

    private Map<String, Object> keys(RoundCosts costs, double overhead) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("overheadMillis", 1e3 * overhead);
        keys.put("efficiency", costs.efficiency(overhead, stepsPerRound));
        for (double efficiency : EFFICIENCIES) {
            keys.put("stepsFor" + Math.round(100 * efficiency) + "Percent", costs.breakEven(overhead, efficiency));
        }
        return keys;
    }

    private static Map<String, Object> keys(TransportCosts.Seen seen) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("executors", seen.executors());
        keys.put("stateMillis", 1e3 * seen.state());
        keys.put("emptyMillis", 1e3 * seen.empty());
        return keys;
    }

    private static String message(TransportCosts transport) {
        return transport.message() == 0 ? "-" : String.format(Locale.ROOT, "%.3f", 1e3 * transport.message());
    }

    private static String millis(double seconds) {
        return String.format(Locale.ROOT, "%.2f", 1e3 * seconds);
    }
}

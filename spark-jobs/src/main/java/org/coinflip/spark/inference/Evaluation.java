package org.coinflip.spark.inference;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.data.ExampleShard;
import org.coinflip.data.Subset;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.Measurement;
import org.coinflip.model.training.Settling;
import org.coinflip.spark.evaluation.Assessment;
import org.coinflip.spark.evaluation.Assessor;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.preflight.SparkSettings;
import org.coinflip.spark.record.Summary;
import org.coinflip.spark.report.EvaluationReport;
import org.coinflip.spark.report.MeasureTable;
import org.coinflip.spark.state.StateVector;

/**
 * How a trained network does on labelled examples. On the test split of the data that it was trained on this is the test score of its
 * training's summary. Blocks of examples do not depend on the cluster, so the loss, a sum over them in order, does not either.
 */
public final class Evaluation {
    /** The firing rates and gradient variances are measured as after an epoch of a training, by its defaults. */
    private static final int MEASURED_EXAMPLES = 256;

    private static final int MEASURED_DRAWS = 8;

    private static final String REPORT = "report.html";

    private final Inference inference;

    private Evaluation(Inference inference) {
        this.inference = inference;
    }

    /** Reads the settings and refuses what cannot be carried out; writes nothing and needs no Spark. */
    public static Evaluation prepare(Config config) {
        Inference inference = Inference.open(read(Section.root(TrainedOn.complete(config))));
        if (inference.model().network().spec().classes().isPresent()
                && !inference.examples().isLabelled()) {
            throw new UsageException("data: source " + inference.examples().name()
                    + " has no labels here, expected labelled examples: give data.labels (idx) or data.label-column"
                    + " (csv), or leave data.labelled out (libsvm), or use predict");
        }
        return new Evaluation(inference);
    }

    /** Evaluates, writes {@code summary.json} and {@code report.html}, and prints the result. */
    public Map<String, Object> run(JavaSparkContext spark) {
        try (RunDirectory.Hold hold = inference.run().hold("evaluate")) {
            return runHeld(spark);
        }
    }

    /** Reads and checks the settings alone. */
    public static InferenceSpec read(Section root) {
        InferenceSpec spec = InferenceSpec.read(root, Subset.TEST, "out/evaluation");
        root.finish();
        return spec;
    }

    private Map<String, Object> runHeld(JavaSparkContext spark) {
        SparkSettings.require(spark.getConf());
        Assessor assessor = new Assessor(
                inference.model().network(), inference.evaluation(), inference.kernels(), inference.seed());
        Assessment assessment = assessor.assess(
                spark,
                inference.shards(spark).map(ExampleShard::read),
                StateVector.of(inference.model().state()),
                Summary.measured(inference.model().network(), inference.evaluation()));
        Map<String, Object> summary = inference.summary("evaluate");
        Map<String, Object> written =
                Summary.assessed(assessment, inference.model().network());
        summary.putAll(written);
        if (assessment.confusion().length > 0) {
            summary.put("confusion", assessment.confusion());
            List<?> called = inference.model().transformation().naming().classes();
            if (!called.isEmpty()) {
                summary.put("labels", called);
            }
        }
        Examples probe = inference.examples().shards(1).get(0).read();
        List<Map<String, Object>> layers = new ArrayList<>(Summary.layers(Measurement.measure(
                inference.model().network(),
                inference.model().state(),
                probe,
                Math.min(MEASURED_EXAMPLES, probe.size()),
                MEASURED_DRAWS,
                Backend.of(inference.kernels()),
                inference.seed())));
        layers.addAll(Summary.experts(
                assessment.gates(),
                inference.model().network(),
                inference.model().state(),
                0,
                1,
                Optional.empty()));
        layers.addAll(settling(probe));
        summary.put("layers", layers);
        inference.finish(summary, inference.spec().write(inference.evaluation(), inference.seed()), spark);
        inference.run().create("summary.json", REPORT);
        inference
                .run()
                .write(
                        REPORT,
                        EvaluationReport.html(
                                summary,
                                inference.spec().model(),
                                inference.spec().split() + " of "
                                        + inference.examples().name()));
        inference.run().writeSealed("summary.json", summary);
        System.out.printf(
                Locale.ROOT,
                "%s on %s %s: %s; %.1f s%nsummary %s%n",
                inference.spec().model(),
                inference.spec().split(),
                inference.examples().name(),
                Summary.text(written),
                inference.seconds(),
                inference.run().path("summary.json"));
        print(
                MeasureTable.of(written.get("measures")),
                inference.run().path(REPORT).toString());
        Summary.warn(layers);
        return summary;
    }

    private static void print(List<MeasureTable.Row> rows, String report) {
        int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
        rows.forEach(row -> System.out.printf(Locale.ROOT, "  %-" + width + "s  %s%n", row.name(), row.value()));
        System.out.printf(Locale.ROOT, "report %s%n", report);
    }

    private List<Map<String, Object>> settling(Examples probe) {
        try (FlushToZero flushing = inference.kernels().arithmetic().begin()) {
            return Summary.settling(Settling.measure(
                    inference.model().network(),
                    inference.model().state(),
                    probe,
                    Math.min(MEASURED_EXAMPLES, probe.size()),
                    Backend.of(inference.kernels()),
                    inference.seed()));
        }
    }
}

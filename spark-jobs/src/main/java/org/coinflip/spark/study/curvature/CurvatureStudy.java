package org.coinflip.spark.study.curvature;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Dataset;
import org.coinflip.data.Split;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.study.Study;
import org.coinflip.spark.study.StudyOutcome;

/**
 * How near a gradient step is to a second-order step: networks of tanh units are trained by full-batch descent with the same number of
 * epochs, and the Hessian of each, in the coordinates of its next step, is looked at: its eigenvalues, its diagonal, and the angle
 * between ∇E and (H + μ I)⁻¹ ∇E. The Hessian is by central differences and is held against exact products with random vectors; α, β, γ
 * and biases are held fixed.
 *
 * <p>Vatanen, Raiko, Valpola, LeCun (2013), arXiv 1301.3476, section 4.1.
 *
 * @param data the examples, projected to few features
 * @param hidden units of the hidden layers
 * @param variants the networks
 * @param trainingExamples how many of the training split are trained on
 * @param hessianExamples how many of those the Hessian and the Fisher matrix are of
 * @param epochs steps of descent
 * @param step δ of the differences
 * @param dampings μ, ascending
 */
public record CurvatureStudy(
        DataSpec data,
        List<Integer> hidden,
        List<Variant> variants,
        int trainingExamples,
        int hessianExamples,
        int epochs,
        double step,
        List<Double> dampings)
        implements Study {
    public static final String TYPE = "curvature";

    /** Random vectors that the differences are held against, and how far apart the two may be. */
    private static final int PRODUCTS = 3;

    private static final double AGREEMENT = 1e-5;

    private static final List<Double> DAMPINGS = IntStream.rangeClosed(-12, 4)
            .mapToObj(i -> StrictMath.pow(10, i / 2.0))
            .toList();

    public static CurvatureStudy read(Section section) {
        List<Integer> hidden = section.numbers("hidden", List.of(25.0, 20.0)).stream()
                .map(Double::intValue)
                .toList();
        int training = section.integer("training-examples", 5000, 1, Integer.MAX_VALUE);
        return new CurvatureStudy(
                DataSpec.read(section.section("data")),
                hidden,
                section.sections("variants").stream().map(Variant::read).toList(),
                training,
                section.integer("hessian-examples", 1000, 1, training),
                section.integer("epochs", 4000, 1, Integer.MAX_VALUE),
                section.number("step", 1e-4, Range.POSITIVE),
                section.numbers("dampings", DAMPINGS));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("data", data.asMap());
        keys.put("hidden", hidden);
        keys.put("variants", variants.stream().map(Variant::write).toList());
        keys.put("training-examples", trainingExamples);
        keys.put("hessian-examples", hessianExamples);
        keys.put("epochs", epochs);
        keys.put("step", step);
        keys.put("dampings", dampings);
        return keys;
    }

    @Override
    public StudyOutcome run(SparkSession session, RunDirectory folder, long seed) {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        Dataset dataset = Dataset.open(data, HadoopConfiguration.ofDriver());
        Examples all = dataset.examples(Split.TRAIN);
        if (all.size() < trainingExamples) {
            throw new UsageException("study.training-examples: got " + trainingExamples + ", expected at most "
                    + all.size() + ", the training split");
        }
        Examples training = all.select(IntStream.range(0, trainingExamples).toArray());
        Inputs inputs = Inputs.of(training, hessianExamples);
        Examples test = dataset.examples(Split.TEST);
        Inputs tested = Inputs.of(test, test.size());
        List<Finding> findings = trained(spark, training, seed).stream()
                .map(trained -> look(spark, trained, inputs, tested, seed))
                .toList();
        CurvatureReport report = new CurvatureReport(findings, dampings);
        Optional<String> failure = findings.stream()
                .filter(f -> !(f.disagreement() < AGREEMENT))
                .map(f -> String.format(
                        Locale.ROOT,
                        "%s: central differences are %.1e from exact products, expected less than %.0e: change step",
                        f.variant().name(),
                        f.disagreement(),
                        AGREEMENT))
                .findFirst();
        return new StudyOutcome(report.line(), report.summary(), report.page(), failure);
    }

    private record Trained(Variant variant, ShortcutNetwork network) implements java.io.Serializable {}

    /** The variants, trained each as a task. */
    private List<Trained> trained(JavaSparkContext spark, Examples training, long seed) {
        Broadcast<Examples> broadcast = spark.broadcast(training);
        List<Integer> units = hidden;
        int steps = epochs;
        try {
            return spark.parallelize(variants, variants.size())
                    .map(v -> new Trained(v, v.train(broadcast.value(), List.copyOf(units), steps, seed)))
                    .collect();
        } finally {
            broadcast.destroy();
        }
    }

    private Finding look(JavaSparkContext spark, Trained trained, Inputs inputs, Inputs tested, long seed) {
        ShortcutNetwork network = trained.network;
        double[] gradient = new double[network.size()];
        double loss = network.gradient(network.weights(), inputs, gradient);
        double[] hessian = HessianRows.compute(spark, network, inputs, step);
        double disagreement = disagreement(network, inputs, hessian, seed);
        return new Finding(
                trained.variant,
                network.size(),
                loss,
                network.error(tested),
                Curvature.of(hessian, gradient, dampings),
                disagreement,
                new FisherBlocks(network, inputs, seed));
    }

    /** The greatest ‖Hv − exact‖ / ‖exact‖ over some random v. */
    private static double disagreement(ShortcutNetwork network, Inputs inputs, double[] hessian, long seed) {
        int n = network.size();
        double greatest = 0;
        for (int p = 0; p < PRODUCTS; p++) {
            NoiseKey key = new NoiseKey(seed, p + 1, NoiseKey.STUDY);
            double[] v =
                    IntStream.range(0, n).mapToDouble(i -> key.uniform(i) - 0.5).toArray();
            double[] exact = network.product(v, inputs);
            double off = 0;
            double norm = 0;
            for (int i = 0; i < n; i++) {
                double sum = 0;
                for (int j = 0; j < n; j++) {
                    sum += hessian[i * n + j] * v[j];
                }
                off += (sum - exact[i]) * (sum - exact[i]);
                norm += exact[i] * exact[i];
            }
            greatest = Math.max(greatest, Math.sqrt(off / norm));
        }
        return greatest;
    }
}

package org.coinflip.spark.study.retrieval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.coinflip.data.DataSpec;
import org.coinflip.data.ExampleShard;
import org.coinflip.data.Selection;
import org.coinflip.data.Subset;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.settings.Section;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.model.training.Encoder;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.output.ModelDirectory;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.report.StudyReport;
import org.coinflip.spark.study.Study;
import org.coinflip.spark.study.StudyOutcome;

/**
 * How well the codes of one layer find examples of the same class: each test example's code is held against those of the training examples,
 * and precision at k is the part of its k nearest by Hamming distance that have its label (semantic hashing).
 *
 * <p>Salakhutdinov and Hinton (2009), "Semantic hashing".
 *
 * @param model folder of a trained network
 * @param layer number of the layer whose outputs above one half are the code
 * @param neighbours numbers k, ascending
 * @param data the examples; they go through the model's own transformation
 */
public record RetrievalStudy(String model, int layer, List<Integer> neighbours, DataSpec data) implements Study {
    public static final String TYPE = "retrieval";

    private static final List<Double> NEIGHBOURS = List.of(1.0, 10.0, 100.0, 1000.0);
    private static final int QUERIES_A_TASK = 500;

    public static RetrievalStudy read(Section section) {
        List<Integer> neighbours = section.numbers("neighbours", NEIGHBOURS).stream()
                .map(Double::intValue)
                .sorted()
                .toList();
        if (neighbours.isEmpty() || neighbours.get(0) < 1) {
            throw section.wrong("neighbours", "a list of whole numbers of at least 1");
        }
        return new RetrievalStudy(
                section.text("model"),
                section.integer("layer", 0, Integer.MAX_VALUE),
                neighbours,
                DataSpec.read(section.section("data")));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("model", model);
        keys.put("layer", layer);
        keys.put("neighbours", neighbours);
        keys.put("data", data.asMap());
        return keys;
    }

    @Override
    public StudyOutcome run(SparkSession session, RunDirectory folder, long seed) {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        Configuration conf = HadoopConfiguration.ofDriver();
        StoredModel trained = ModelDirectory.read(model, conf);
        int layers = trained.network().layers().size();
        if (layer >= layers - 1) {
            throw new UsageException("study.layer: got " + layer + " of a network of " + layers
                    + " layers, expected one below the output, 0 to " + (layers - 2));
        }
        Encoder encoder = new Encoder(trained.network(), trained.state(), layer, Backend.detect());
        Examples base = examples(trained, Subset.TRAIN, conf);
        Examples queries = examples(trained, Subset.TEST, conf);
        int[] counts = neighbours.stream().mapToInt(Integer::intValue).toArray();
        double[] sums = search(
                spark,
                new Neighbours(encoder.codes(base), labels(base), encoder.units()),
                encoder.codes(queries),
                labels(queries),
                counts);
        return outcome(sums, queries.size(), base.size(), encoder.units());
    }

    private Examples examples(StoredModel trained, Subset subset, Configuration conf) {
        Selection selection = Selection.open(data, subset, trained.transformation(), OptionalInt.empty(), conf);
        if (!selection.isLabelled()) {
            throw new UsageException("study.data: source " + selection.name()
                    + " has no labels here, expected labelled examples: a neighbour is right where it has the same");
        }
        return Examples.concatenate(
                selection.shards(1).stream().map(ExampleShard::read).toList());
    }

    private static int[] labels(Examples examples) {
        int[] labels = new int[examples.size()];
        Arrays.setAll(labels, examples::label);
        return labels;
    }

    /** The sum over the queries of their precisions, added in the queries' order. */
    private static double[] search(
            JavaSparkContext spark, Neighbours base, long[][] queries, int[] labels, int[] counts) {
        Broadcast<Neighbours> broadcast = spark.broadcast(base);
        try {
            List<Integer> starts = new ArrayList<>();
            for (int start = 0; start < queries.length; start += QUERIES_A_TASK) {
                starts.add(start);
            }
            List<Block> blocks = starts.stream()
                    .map(start -> {
                        int end = Math.min(queries.length, start + QUERIES_A_TASK);
                        return new Block(
                                Arrays.copyOfRange(queries, start, end), Arrays.copyOfRange(labels, start, end));
                    })
                    .toList();
            double[] sums = new double[counts.length];
            for (double[] part : spark.parallelize(blocks, blocks.size())
                    .map(block -> block.precisions(broadcast.value(), counts))
                    .collect()) {
                for (int c = 0; c < sums.length; c++) {
                    sums[c] += part[c];
                }
            }
            return sums;
        } finally {
            broadcast.destroy();
        }
    }

    /** One task's queries. */
    private record Block(long[][] codes, int[] labels) implements java.io.Serializable {
        double[] precisions(Neighbours base, int[] counts) {
            double[] sums = new double[counts.length];
            for (int q = 0; q < codes.length; q++) {
                double[] one = base.precisions(codes[q], labels[q], counts);
                for (int c = 0; c < sums.length; c++) {
                    sums[c] += one[c];
                }
            }
            return sums;
        }
    }

    private StudyOutcome outcome(double[] sums, int queries, int base, int bits) {
        Map<String, Object> precision = new LinkedHashMap<>();
        List<List<String>> rows = new ArrayList<>();
        List<Double> means = new ArrayList<>();
        for (int c = 0; c < sums.length; c++) {
            double mean = sums[c] / queries;
            precision.put(String.valueOf(neighbours.get(c)), mean);
            rows.add(List.of(String.valueOf(neighbours.get(c)), String.format(Locale.ROOT, "%.4f", mean)));
            means.add(mean);
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("bits", bits);
        summary.put("queries", queries);
        summary.put("examples", base);
        summary.put("precision", precision);
        StudyReport report = new StudyReport();
        report.tile("Code", bits + " bits", "of layer " + layer);
        report.table(
                "Precision",
                queries + " test examples, each held against " + base + " training examples",
                List.of("k nearest", "Precision"),
                rows);
        report.chart(
                "Precision",
                "",
                new StudyReport.Axes("k nearest", "part of the same class", false),
                neighbours.stream().map(Integer::doubleValue).toList(),
                List.of(new StudyReport.Line("precision", means, List.of())));
        String line = String.format(
                Locale.ROOT, "precision at %d is %.4f with %d bits", neighbours.get(0), means.get(0), bits);
        return new StudyOutcome(line, summary, report, Optional.empty());
    }
}

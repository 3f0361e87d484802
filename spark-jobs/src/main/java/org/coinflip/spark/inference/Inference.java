package org.coinflip.spark.inference;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.data.ExampleShard;
import org.coinflip.data.Selection;
import org.coinflip.data.output.Apart;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.output.ModelDirectory;
import org.coinflip.spark.output.Redaction;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.output.Versions;
import org.coinflip.spark.preflight.Slots;
import org.coinflip.spark.shard.SentShards;

/** A trained network, the examples that it is used on, and where the results go, all checked against each other. */
final class Inference {
    private static final int LEAST_ROWS = 1000;
    private static final long MOST_FILE_BYTES = 128L << 20;

    private final InferenceSpec spec;
    private final StoredModel model;
    private final Selection examples;
    private final RunDirectory run;
    private final KernelChoice kernels;
    private final Instant started = Instant.now();
    private final long began = System.nanoTime();

    private Inference(InferenceSpec spec, StoredModel model, Selection examples, RunDirectory run) {
        this.spec = spec;
        this.model = model;
        this.examples = examples;
        this.run = run;
        this.kernels = KernelChoice.usual(model.arithmetic());
    }

    /** Opens all that a job names and refuses what does not fit; writes nothing. */
    static Inference open(InferenceSpec spec) {
        Configuration conf = HadoopConfiguration.ofDriver();
        Map<String, String> inputs = new LinkedHashMap<>(spec.data().inputs());
        inputs.put("model", spec.model());
        Apart.require(spec.output(), inputs, conf);
        RunDirectory run = RunDirectory.at(spec.output(), spec.overwrite(), conf);
        StoredModel model = ModelDirectory.read(spec.model(), conf);
        Selection examples = Selection.open(
                spec.data(),
                spec.split(),
                model.transformation(),
                model.network().spec().classes(),
                conf);
        if (examples.isLabelled()) {
            model.network().checkTargets(examples.schema().targets());
        }
        return new Inference(spec, model, examples, run);
    }

    InferenceSpec spec() {
        return spec;
    }

    StoredModel model() {
        return model;
    }

    Selection examples() {
        return examples;
    }

    RunDirectory run() {
        return run;
    }

    KernelChoice kernels() {
        return kernels;
    }

    EvaluationSpec evaluation() {
        return spec.evaluation().orElse(model.evaluation());
    }

    long seed() {
        return spec.seed().orElse(model.seed());
    }

    double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    /** The examples as tasks read them. */
    JavaRDD<ExampleShard> shards(JavaSparkContext spark) {
        return sent(spark, examples.shards(1), spec.partitions() == 0 ? Slots.of(spark) : spec.partitions());
    }

    /** The examples in as many tasks as there are to be files: by the size of the table, unless settings say how many. */
    JavaRDD<ExampleShard> shardsOfFiles(JavaSparkContext spark) {
        int files = spec.partitions() == 0
                ? files(
                        Slots.of(spark),
                        examples.size(),
                        model.network().spec().output().units())
                : spec.partitions();
        return sent(spark, examples.shards(files), files);
    }

    /**
     * Files of a table: one for each slot as long as that leaves {@value #LEAST_ROWS} rows for each, more where they would be large.
     *
     * @param numbers of a row
     */
    static int files(int slots, int rows, int numbers) {
        long bytes = (long) rows * numbers * Float.BYTES;
        int byRows = Math.min(slots, Math.max(1, rows / LEAST_ROWS));
        return (int) Math.max(byRows, (bytes + MOST_FILE_BYTES - 1) / MOST_FILE_BYTES);
    }

    private static JavaRDD<ExampleShard> sent(JavaSparkContext spark, List<ExampleShard> shards, int partitions) {
        return SentShards.of(spark, shards, Math.min(partitions, shards.size()));
    }

    /** What every summary begins with. */
    Map<String, Object> summary(String job) {
        double seconds = seconds();
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("job", job);
        keys.put("status", "done");
        keys.put("started", started.toString());
        keys.put("seed", seed());
        keys.put("wallSeconds", seconds);
        keys.put("examples", examples.size());
        keys.put("examplesPerSecond", examples.size() / seconds);
        keys.put("parametersSha256", model.state().parametersSha256());
        return keys;
    }

    /** What every summary ends with. */
    void finish(Map<String, Object> summary, Map<String, Object> config, JavaSparkContext spark) {
        summary.put("config", Redaction.redact(config));
        summary.put("versions", Versions.of(kernels, spark.version()));
    }
}

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

/** A trained network, the examples that it is used on, and where the results go, all checked against each other. */
final class Inference {
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

    /**
     * The examples as tasks read them.
     *
     * @param least how many shards are wanted
     */
    JavaRDD<ExampleShard> shards(JavaSparkContext spark, int least) {
        List<ExampleShard> shards = examples.shards(least);
        return spark.parallelize(shards, Math.min(partitions(spark), shards.size()));
    }

    int partitions(JavaSparkContext spark) {
        return Math.max(1, spec.partitions() == 0 ? spark.defaultParallelism() : spec.partitions());
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

package org.coinflip.spark.explanation;

import com.typesafe.config.Config;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.DataSpec;
import org.coinflip.data.ExampleShard;
import org.coinflip.data.Selection;
import org.coinflip.data.Split;
import org.coinflip.data.Subset;
import org.coinflip.data.output.Apart;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.network.Network;
import org.coinflip.model.settings.Section;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.output.ModelDirectory;
import org.coinflip.spark.output.Redaction;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.output.Versions;
import org.coinflip.spark.train.Replay;

/** One example of one step, looked at and written down. Needs no Spark, but where tables are read by it. */
public final class Explaining {
    private final ExplanationSpec spec;
    private final RunDirectory run;
    private final Supplier<Sighting> look;
    private final Instant started = Instant.now();
    private final long began = System.nanoTime();

    private Explaining(ExplanationSpec spec, RunDirectory run, Supplier<Sighting> look) {
        this.spec = spec;
        this.run = run;
        this.look = look;
    }

    /** Reads the settings and refuses what cannot be carried out; writes nothing. */
    public static Explaining prepare(Config config) {
        ExplanationSpec spec = ExplanationSpec.read(Section.root(config));
        Configuration conf = HadoopConfiguration.ofDriver();
        ExplainedFolder folder = ExplainedFolder.find(spec.model(), conf);
        Map<String, String> inputs = new LinkedHashMap<>();
        spec.data().ifPresent(data -> inputs.putAll(data.inputs()));
        inputs.put("model", spec.model());
        Apart.require(spec.output(), inputs, conf);
        RunDirectory run = RunDirectory.at(spec.output(), spec.overwrite(), conf);
        return new Explaining(
                spec,
                run,
                folder.kind() == ExplainedFolder.Kind.MODEL
                        ? ofModel(spec, folder, conf)
                        : ofTraining(spec, folder, conf));
    }

    private static Supplier<Sighting> ofTraining(ExplanationSpec spec, ExplainedFolder folder, Configuration conf) {
        Replay replay = Replay.open(
                folder.experiment(spec.data()),
                folder.summary().path("identity"),
                RunDirectory.resumed(folder.training().toString(), conf),
                conf);
        requireStochastic(replay.network());
        ExampleName name = ExampleName.read(spec.example(), replay.experiment().data());
        if (folder.kind() == ExplainedFolder.Kind.TRAINING) {
            return new TrainedStep(replay, spec, name)::see;
        }
        GivenParameters given = new GivenParameters(
                replay.network(),
                replay.at(folder.checkpoint()),
                replay.experiment().evaluation(),
                replay.kernels(),
                replay.data().description().transformation().naming(),
                replay.experiment().data(),
                "those of checkpoint " + folder.checkpoint() + ", in a batch of this example alone",
                replay.experiment().seed(),
                folder.epochs());
        List<Examples> all = new ArrayList<>();
        for (Split split : Split.values()) {
            Examples examples = replay.data().examples(split);
            int place = name.placeIn(examples);
            if (place >= 0) {
                return () -> given.see(spec, name, split.toString(), examples, place);
            }
            all.add(examples);
        }
        throw name.unknown(all);
    }

    private static Supplier<Sighting> ofModel(ExplanationSpec spec, ExplainedFolder folder, Configuration conf) {
        StoredModel model = ModelDirectory.read(spec.model(), conf);
        requireStochastic(model.network());
        DataSpec data = spec.data()
                .or(folder::data)
                .orElseThrow(() -> new UsageException("data: got nothing, and no summary.json beside " + spec.model()
                        + " that says what the model was trained on, expected the examples: give data.source"));
        Selection selection = Selection.open(
                data, Subset.ALL, model.transformation(), model.network().spec().classes(), conf);
        boolean wantsLabels = model.network().spec().classes().isPresent()
                || model.network().spec().output().objective().isOfValues();
        if (wantsLabels && !selection.isLabelled()) {
            throw new UsageException("data: source " + selection.name()
                    + " has no labels here, expected labelled examples: a loss is of what an output should be");
        }
        if (selection.isLabelled()) {
            model.network().checkTargets(selection.schema().targets());
        }
        ExampleName name = ExampleName.read(spec.example(), data);
        GivenParameters given = new GivenParameters(
                model.network(),
                model.state(),
                model.evaluation(),
                KernelChoice.usual(model.arithmetic()),
                model.transformation().naming(),
                data,
                "those of " + spec.model() + ", in a batch of this example alone",
                model.seed(),
                folder.epochs());
        List<Examples> all = new ArrayList<>();
        for (ExampleShard shard : selection.shards(1)) {
            Examples examples = shard.read();
            int place = name.placeIn(examples);
            if (place >= 0) {
                return () -> given.see(spec, name, "", examples, place);
            }
            all.add(examples);
        }
        throw name.unknown(all);
    }

    private static void requireStochastic(Network network) {
        if (network.layers().stream().noneMatch(StochasticLayer.class::isInstance)) {
            throw new UsageException("model: got a network without a stochastic layer, expected one with layers of type"
                    + " stochastic: there are no coins to look at");
        }
    }

    /** Looks, writes {@code explanation.json}, a table a layer and {@code report.html}, and prints what was seen in a few lines. */
    public Map<String, Object> run() {
        try (RunDirectory.Hold hold = run.hold("explain")) {
            Sighting seen = look.get();
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("job", "explain");
            document.put("name", ExplanationText.title(seen));
            document.put("status", "done");
            document.put("started", started.toString());
            document.put("seed", seen.explanation().seed());
            document.put("wallSeconds", (System.nanoTime() - began) / 1e9);
            document.putAll(seen.write());
            document.put("layers", ExplanationFiles.layers(seen.explanation()));
            document.put("config", Redaction.redact(spec.write(seen.data())));
            document.put("versions", Versions.of(seen.kernels(), "none"));
            run.create("explanation.json", "layer-#.csv", "report.html");
            seen.explanation()
                    .layers()
                    .forEach(layer -> run.write("layer-" + layer.layer() + ".csv", ExplanationFiles.table(layer)));
            run.write("report.html", ExplanationPage.html(document, seen));
            run.writeSealed("explanation.json", document);
            ExplanationText.lines(seen).forEach(System.out::println);
            System.out.println("explanation " + run.path("explanation.json"));
            System.out.println("report " + run.path("report.html"));
            return document;
        }
    }
}

package org.coinflip.spark.job;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.output.Apart;
import org.coinflip.model.onnx.OnnxExport;
import org.coinflip.model.settings.Section;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.experiment.ConvertSpec;
import org.coinflip.spark.output.Dl4jNetworkFile;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.output.ModelDirectory;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.output.Versions;
import picocli.CommandLine.Command;

/** {@code convert.sh}: networks from and to DL4J, and to ONNX. Needs no Spark. */
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        description = "Turns a model into a network of DL4J's or an ONNX file, or a network of DL4J's into a model.",
        footer = {
            "",
            "convert.sh model=out/digits/model output=out/dl4j     writes network.zip, which DL4J's ModelSerializer reads",
            "convert.sh model=out/digits/model to=onnx output=out/onnx   writes network.onnx: features in, the prediction out, used as model",
            "      is, or as evaluation.mode = means, thresholds or samples (of so many evaluation.draws) says",
            "convert.sh dl4j=network.zip trust=true output=out/imported writes model/, which evaluate.sh and predict.sh read",
            "All write summary.json. Layers: dense, stochastic, output; of ONNX also conv, pool, maxout, rescale, dropout and gaussian-noise,",
            "      and of stochastic ones those of the Bernoulli law. Keys: model or dl4j, to (dl4j), output, overwrite, and for an import",
            "      scale and offset (1, 0): what the network's features were made with from the raw ones.",
            "A DL4J zip names the classes that reading it makes: trust=true says that you know who wrote it.",
            "--help KEY says what a key or a section is, such as to; docs/reference.md has all.",
            "Exit codes: 0 done, 2 usage, 3 data, 1 anything else."
        })
public final class ConvertJob extends JobCommand {
    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(run(new ConvertJob(), arguments));
    }

    @Override
    void execute(Ending ending) {
        ConvertSpec spec = ConvertSpec.read(Section.root(config()));
        boolean export = spec.isExport();
        String from = spec.from();
        Configuration conf = HadoopConfiguration.ofDriver();
        Apart.require(spec.output(), Map.of(spec.key(), from), conf);
        RunDirectory run = RunDirectory.at(spec.output(), spec.overwrite(), conf);
        StoredModel model = export
                ? ModelDirectory.read(from, conf)
                : Dl4jNetworkFile.read(from, (float) spec.scale(), (float) spec.offset(), conf);
        byte[] network =
                switch (spec.form()) {
                    case DL4J -> export ? Dl4jNetworkFile.write(model) : null;
                    case ONNX -> OnnxExport.of(model, spec.evaluation().orElse(model.evaluation()));
                };
        try (RunDirectory.Hold hold = run.hold("convert")) {
            run.create();
            if (export) {
                run.write(spec.form().file(), network);
            } else {
                ModelDirectory.write(run, "model", model);
            }
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("job", "convert");
            summary.put("status", "done");
            summary.put("from", from);
            summary.put("parameters", model.network().layout().parameters());
            summary.put("parametersSha256", model.state().parametersSha256());
            summary.put("network", model.network().spec().write().root().unwrapped());
            summary.put("versions", Versions.of("none", "none"));
            run.writeSealed("summary.json", summary);
        }
        System.out.println("parameters " + model.state().parametersSha256());
        System.out.println("wrote " + run.path(export ? spec.form().file() : "model"));
    }
}

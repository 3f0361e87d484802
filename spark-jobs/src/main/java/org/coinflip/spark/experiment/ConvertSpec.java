package org.coinflip.spark.experiment;

import java.util.Optional;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.EvaluationSpec;

/**
 * What {@code convert.sh} is told: {@code model = FOLDER} for an export, {@code dl4j = FILE.zip} for an import.
 *
 * @param isExport whether a model is turned into something else
 * @param from the model's folder, or DL4J's file
 * @param form what the model is turned into; of an import what it is made of
 * @param evaluation how the network is used; absent for how its model is
 * @param output folder for all that the job writes, on any Hadoop file system
 * @param overwrite whether an output that exists is replaced
 * @param scale of an import: factor by which the network's features were made from raw ones
 * @param offset of an import: what was added to them
 */
public record ConvertSpec(
        boolean isExport,
        String from,
        Form form,
        Optional<EvaluationSpec> evaluation,
        String output,
        boolean overwrite,
        double scale,
        double offset) {
    private static final String MODEL = "model";
    private static final String DL4J = "dl4j";

    /** What a model is turned into. */
    public enum Form {
        /** A network of DL4J's. */
        DL4J("network.zip"),
        /** An ONNX file. */
        ONNX("network.onnx");

        private final String file;

        Form(String file) {
            this.file = file;
        }

        /** The name of the file that it is written to. */
        public String file() {
            return file;
        }
    }

    /** Reads and checks a whole file. */
    public static ConvertSpec read(Section root) {
        Optional<String> model = root.optionalText(MODEL);
        Optional<String> network = root.optionalText(DL4J);
        if (model.isPresent() == network.isPresent()) {
            throw new UsageException("convert: got " + (model.isPresent() ? "both" : "neither")
                    + " of model and dl4j, expected one: model=FOLDER to export, dl4j=FILE.zip to import");
        }
        boolean export = model.isPresent();
        Form form = export ? root.choice("to", Form.DL4J) : Form.DL4J;
        Optional<EvaluationSpec> evaluation = form == Form.ONNX && root.has("evaluation")
                ? Optional.of(EvaluationSpec.read(root.section("evaluation")))
                : Optional.empty();
        ConvertSpec spec = new ConvertSpec(
                export,
                export ? model.get() : network.get(),
                form,
                evaluation,
                root.text("output", "out/converted"),
                root.flag("overwrite", false),
                export ? 1 : root.number("scale", 1, Range.POSITIVE),
                export ? 0 : root.number("offset", 0, Range.FINITE));
        boolean trusted = !export && root.flag("trust", false);
        root.finish();
        if (!export && !trusted) {
            throw new UsageException(
                    "dl4j: got " + spec.from + " without trust=true: a DL4J zip names the classes that reading"
                            + " it makes, so one from others can run what they like; add trust=true where you know who wrote it");
        }
        return spec;
    }

    /** The key that {@link #from} is written under. */
    public String key() {
        return isExport ? MODEL : DL4J;
    }
}

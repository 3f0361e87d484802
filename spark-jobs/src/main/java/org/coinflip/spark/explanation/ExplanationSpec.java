package org.coinflip.spark.explanation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.coinflip.data.DataSpec;
import org.coinflip.model.settings.Section;

/**
 * What {@code explain.sh} is told.
 *
 * @param model the output of a training, its {@code model/}, or one of its checkpoints
 * @param example id of the example, as predictions have it
 * @param epoch of the noise, from 1
 * @param step of the epoch, from 1; absent for the step in which training takes the example
 * @param draw of the noise; training has 0
 * @param referenceDraws other draws that estimates are held against; 0 for none
 * @param data the examples; absent for those of the training
 * @param output folder for all that the job writes
 * @param overwrite whether an output that exists is replaced
 */
public record ExplanationSpec(
        String model,
        String example,
        int epoch,
        OptionalInt step,
        int draw,
        int referenceDraws,
        Optional<DataSpec> data,
        String output,
        boolean overwrite) {
    /** Kernels of normal numbers have no more draws of their own. */
    private static final int MOST_DRAWS = 1000;

    /** Reads and checks all keys. */
    public static ExplanationSpec read(Section root) {
        if (!root.has("model")) {
            throw root.wrong(
                    "model", "the output of a training, its model/, or a checkpoint of it, such as model=out/digits");
        }
        if (!root.has("example")) {
            throw root.wrong("example", "the id of an example, as predictions have it, such as example=17");
        }
        ExplanationSpec spec = new ExplanationSpec(
                root.text("model"),
                root.text("example"),
                root.integer("epoch", 1, Integer.MAX_VALUE),
                root.optionalInteger("step", 1, Integer.MAX_VALUE),
                root.integer("draw", 0, 0, MOST_DRAWS),
                root.integer("reference-draws", 64, 0, MOST_DRAWS),
                root.has("data") ? Optional.of(DataSpec.read(root.section("data"))) : Optional.empty(),
                root.text("output", "out/explanation"),
                root.flag("overwrite", false));
        if (spec.referenceDraws == 1) {
            throw root.wrong("reference-draws", "0 for none, or at least 2: one has no deviation");
        }
        root.finish();
        return spec;
    }

    /** Every key with the value in force. */
    Map<String, Object> write(DataSpec dataInForce) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("model", model);
        keys.put("example", example);
        keys.put("epoch", epoch);
        step.ifPresent(value -> keys.put("step", value));
        keys.put("draw", draw);
        keys.put("reference-draws", referenceDraws);
        keys.put("data", dataInForce.asMap());
        keys.put("output", output);
        keys.put("overwrite", overwrite);
        return keys;
    }
}

package org.coinflip.spark.inference;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Subset;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.EvaluationSpec;

/**
 * What a job is told that uses a trained network.
 *
 * @param model folder of the model
 * @param data the examples; how its section scales them does not count, the model's own transformation does
 * @param split which of the examples
 * @param output folder for all that the job writes, on any Hadoop file system
 * @param overwrite whether an output that exists is replaced
 * @param evaluation how the network is used; absent for how it was evaluated in training
 * @param seed of the draws; absent for the training's
 * @param partitions partitions in which the examples are looked at; 0 for as many as there are slots. Does not change the result
 */
public record InferenceSpec(
        String model,
        DataSpec data,
        Subset split,
        String output,
        boolean overwrite,
        Optional<EvaluationSpec> evaluation,
        OptionalLong seed,
        int partitions) {
    /**
     * Reads the keys that jobs of this kind share; the caller finishes the section.
     *
     * @param splitByDefault which examples where none are named
     * @param outputByDefault the output where none is named
     */
    static InferenceSpec read(Section root, Subset splitByDefault, String outputByDefault) {
        if (!root.has("model")) {
            throw root.wrong("model", "the folder of a trained model, such as model=out/digits/model");
        }
        return new InferenceSpec(
                root.text("model"),
                DataSpec.read(root.section("data")),
                root.choice("split", splitByDefault),
                root.text("output", outputByDefault),
                root.flag("overwrite", false),
                root.has("evaluation")
                        ? Optional.of(EvaluationSpec.read(root.section("evaluation")))
                        : Optional.empty(),
                root.optionalWholeNumber("seed"),
                root.integer("partitions", 0, 0, 1 << 20));
    }

    /** Every key with the value in force. */
    Map<String, Object> write(EvaluationSpec evaluationInForce, long seedInForce) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("model", model);
        keys.put("data", data.asMap());
        keys.put("split", split.toString());
        keys.put("output", output);
        keys.put("overwrite", overwrite);
        keys.put("evaluation", evaluationInForce.write());
        keys.put("seed", seedInForce);
        keys.put("partitions", partitions);
        return keys;
    }
}

package org.coinflip.spark.explanation;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.data.DataSpec;
import org.coinflip.model.explanation.Explanation;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.transform.Naming;

/**
 * What was seen of an example, and where.
 *
 * @param example what it is called
 * @param split that it is in; empty where that is not known
 * @param explanation of it
 * @param network that it went through
 * @param prediction of the network as it is evaluated, with these parameters
 * @param naming of the classes
 * @param exact whether training took this step, to the bit, as far as it can be told
 * @param where the step is, by key
 * @param parameters how they were come to, in a line
 * @param kernels what was computed with
 * @param data where the example is from
 */
record Sighting(
        Object example,
        String split,
        Explanation explanation,
        NetworkSpec network,
        float[] prediction,
        Naming naming,
        boolean exact,
        Map<String, Object> where,
        String parameters,
        KernelChoice kernels,
        DataSpec data) {
    boolean isOfClasses() {
        return network.classes().isPresent();
    }

    /** A class as the data call it. */
    Object called(int category) {
        return naming.names().isEmpty() ? (Object) naming.labelOf(category) : naming.called(category);
    }

    /** The class predicted, the first of equals. */
    int predicted() {
        Matrix row = Matrix.padded(1, prediction.length);
        row.setRow(0, prediction, 0);
        return Objective.best(row, 0);
    }

    /** What is said of it besides its layers. */
    Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("example", example);
        keys.put("id", explanation.id());
        if (!split.isEmpty()) {
            keys.put("split", split);
        }
        if (isOfClasses() && explanation.label() >= 0) {
            keys.put("label", called(explanation.label()));
        }
        if (isOfClasses()) {
            keys.put("predicted", called(predicted()));
        }
        keys.put("prediction", prediction);
        keys.putAll(where);
        keys.put("draw", explanation.draw());
        keys.put("exact", exact);
        keys.put("parameters", parameters);
        keys.put("batch", explanation.batch());
        keys.put("loss", explanation.loss());
        keys.put("meanLoss", explanation.meanLoss());
        if (explanation.weight() != 1) {
            keys.put("weight", explanation.weight());
        }
        return keys;
    }
}

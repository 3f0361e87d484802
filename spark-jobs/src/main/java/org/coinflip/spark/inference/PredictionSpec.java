package org.coinflip.spark.inference;

import org.coinflip.data.Subset;
import org.coinflip.model.settings.Section;

/**
 * What {@code predict.sh} is told.
 *
 * @param inference the model and the examples
 * @param format of the table
 */
public record PredictionSpec(InferenceSpec inference, PredictionFormat format) {
    /** Reads and checks the settings alone. */
    public static PredictionSpec read(Section root) {
        PredictionSpec spec = new PredictionSpec(
                InferenceSpec.read(root, Subset.ALL, "out/predictions"),
                root.choice("format", PredictionFormat.PARQUET));
        root.finish();
        return spec;
    }
}

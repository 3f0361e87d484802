package org.coinflip.spark.tracking;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.coinflip.model.settings.Section;

/**
 * The section {@code tracking}: who else is told of a training or a sweep.
 *
 * @param mlflow a server
 * @param tensorboard whether a training leaves a file for TensorBoard
 */
public record TrackingSpec(Optional<MlflowSpec> mlflow, boolean tensorboard) {
    /** Nobody. */
    public static final TrackingSpec NONE = new TrackingSpec(Optional.empty(), false);

    /**
     * Reads it, of a training.
     *
     * @param root the whole file
     * @param name of the experiment where none is named
     */
    public static TrackingSpec read(Section root, String name) {
        Section tracking = root.section("tracking");
        TrackingSpec spec = new TrackingSpec(
                MlflowSpec.read(tracking.section("mlflow"), name), tracking.flag("tensorboard", false));
        tracking.finish();
        return spec;
    }

    /** The section as it is written; empty where nobody is told. */
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        mlflow.ifPresent(server -> keys.put("mlflow", server.write()));
        if (tensorboard) {
            keys.put("tensorboard", true);
        }
        return keys;
    }
}

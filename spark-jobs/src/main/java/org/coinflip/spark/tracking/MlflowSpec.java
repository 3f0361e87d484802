package org.coinflip.spark.tracking;

import java.util.Map;
import java.util.Optional;
import org.coinflip.model.settings.Section;

/**
 * The section {@code tracking.mlflow}.
 *
 * @param uri of the server
 * @param experiment its name there
 */
public record MlflowSpec(String uri, String experiment) {
    /**
     * Reads it; empty where no server is named.
     *
     * @param root the whole file
     * @param name of the experiment where the section has none
     */
    public static Optional<MlflowSpec> read(Section root, String name) {
        Section tracking = root.section("tracking");
        Section section = tracking.section("mlflow");
        tracking.finish();
        String uri = section.text("uri", "");
        if (!uri.isEmpty() && !uri.matches("https?://[^/\\s]+.*")) {
            throw section.wrong("uri", "the address of an MLflow server, such as http://host:5000");
        }
        MlflowSpec spec = new MlflowSpec(uri, section.text("experiment", name));
        section.finish();
        return uri.isEmpty() ? Optional.empty() : Optional.of(spec);
    }

    /** The section {@code tracking} as it is written. */
    public Map<String, Object> write() {
        return Map.of("mlflow", Map.of("uri", uri, "experiment", experiment));
    }
}

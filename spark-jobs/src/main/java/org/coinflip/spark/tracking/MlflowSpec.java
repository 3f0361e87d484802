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
     * @param name of the experiment where the section has none
     */
    static Optional<MlflowSpec> read(Section section, String name) {
        String uri = section.text("uri", "");
        if (!uri.isEmpty() && !uri.matches("https?://[^/\\s]+.*")) {
            throw section.wrong("uri", "the address of an MLflow server, such as http://host:5000");
        }
        MlflowSpec spec = new MlflowSpec(uri, section.text("experiment", name));
        section.finish();
        return uri.isEmpty() ? Optional.empty() : Optional.of(spec);
    }

    /** The section as it is written. */
    Map<String, Object> write() {
        return Map.of("uri", uri, "experiment", experiment);
    }
}

package org.coinflip.spark.experiment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.coinflip.model.settings.Section;

/**
 * The {@code start} section: what a training begins with, instead of random weights.
 *
 * @param model folder of a model; empty for random weights
 * @param layers how many of the first layers are taken of it; 0 for all
 */
public record StartSpec(String model, int layers) {
    static StartSpec read(Section section) {
        StartSpec spec = new StartSpec(section.text("model", ""), section.integer("layers", 0, 0, 1 << 20));
        section.finish();
        return spec;
    }

    /** Whether it is a model. */
    public boolean isGiven() {
        return !model.isEmpty();
    }

    Optional<Map<String, Object>> write() {
        if (!isGiven()) {
            return Optional.empty();
        }
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("model", model);
        keys.put("layers", layers);
        return Optional.of(keys);
    }
}

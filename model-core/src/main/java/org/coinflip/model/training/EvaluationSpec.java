package org.coinflip.model.training;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.settings.Section;

/**
 * The {@code evaluation} section of an experiment: what stochastic units give when the network is used.
 *
 * @param mode samples, means or thresholds
 * @param draws predictions that are averaged, for samples
 */
public record EvaluationSpec(Mode mode, int draws) {
    private enum Choice {
        SAMPLES,
        MEANS,
        THRESHOLDS
    }

    public static EvaluationSpec read(Section section) {
        Mode mode = Mode.valueOf(section.choice("mode", Choice.MEANS).name());
        EvaluationSpec spec =
                new EvaluationSpec(mode, mode == Mode.SAMPLES ? section.integer("draws", 1, 1, 1 << 15) : 1);
        section.finish();
        return spec;
    }

    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("mode", Section.name(mode));
        if (mode == Mode.SAMPLES) {
            keys.put("draws", draws);
        }
        return keys;
    }
}

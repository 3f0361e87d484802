package org.coinflip.spark.experiment;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * The {@code checkpoint} section. None of it changes the result.
 *
 * @param every rounds between two checkpoints; 0 for none but those of the best looks and of SIGTERM
 * @param minutes time between two checkpoints at most, but for the round that is under way; 0 for none by time
 * @param keep how many of the latest are kept
 * @param best how many of those with the best looks at the validation split are kept besides
 * @param grace seconds that a round or look has to end by itself when the training is asked to end
 */
public record CheckpointSpec(int every, double minutes, int keep, int best, int grace) {
    static CheckpointSpec read(Section section) {
        CheckpointSpec spec = new CheckpointSpec(
                section.integer("every", 100, 0, Integer.MAX_VALUE),
                section.number("minutes", 0, Range.NOT_NEGATIVE),
                section.integer("keep", 2, 1, 1 << 20),
                section.integer("best", 1, 0, 1 << 20),
                section.integer("grace", 15, 0, 1 << 20));
        section.finish();
        return spec;
    }

    Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("every", every);
        if (minutes != 0) {
            keys.put("minutes", minutes);
        }
        keys.put("keep", keep);
        keys.put("best", best);
        keys.put("grace", grace);
        return keys;
    }
}

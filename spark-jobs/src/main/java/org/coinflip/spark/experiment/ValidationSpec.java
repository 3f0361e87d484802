package org.coinflip.spark.experiment;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.settings.Section;

/**
 * The {@code validation} section.
 *
 * @param every epochs between two evaluations on the validation split
 * @param draws draws of the noise when a layer's firing rate and gradient variance are measured
 * @param referenceDraws draws of an unbiased reference that layers of bits are held against; 0 for none
 * @param examples validation examples they are measured on, at most
 */
public record ValidationSpec(int every, int draws, int referenceDraws, int examples) {
    static ValidationSpec read(Section section) {
        ValidationSpec spec = new ValidationSpec(
                section.integer("every", 1, 1, Integer.MAX_VALUE),
                section.integer("draws", 8, 2, 1 << 15),
                section.integer("reference-draws", 0, 0, 1 << 15),
                section.integer("examples", 256, 1, 1 << 16));
        if (spec.referenceDraws == 1) {
            throw section.wrong("reference-draws", "0 for none, or at least 2: their deviation is measured too");
        }
        section.finish();
        return spec;
    }

    Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("every", every);
        keys.put("draws", draws);
        keys.put("reference-draws", referenceDraws);
        keys.put("examples", examples);
        return keys;
    }
}

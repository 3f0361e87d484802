package org.coinflip.data.source;

import java.util.Map;
import org.coinflip.model.settings.Section;

/**
 * Data that {@code prepare} wrote: split, scaled and binarised already.
 *
 * @param path the folder with {@code manifest.json}
 */
public record PreparedSource(String path) implements Source {
    static PreparedSource read(Section section) {
        return new PreparedSource(section.text("path"));
    }

    @Override
    public SourceType type() {
        return SourceType.PREPARED;
    }

    @Override
    public Map<String, Object> keys() {
        return Map.of("path", path);
    }
}

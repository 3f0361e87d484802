package org.coinflip.spark.experiment;

import com.typesafe.config.ConfigRenderOptions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.coinflip.model.settings.Section;

/** What tables call estimators and laws. */
public final class Labels {
    private Labels() {}

    /** The type and the keys that were written, such as {@code rloo samples=2}. */
    public static String of(Section section) {
        Map<String, Object> keys =
                new TreeMap<>(section.config().withoutPath("type").root().unwrapped());
        String type = section.config().getString("type");
        return keys.isEmpty()
                ? type
                : keys.keySet().stream()
                        .map(key -> key + "="
                                + section.config()
                                        .getValue(key)
                                        .render(ConfigRenderOptions.concise())
                                        .replace("\"", ""))
                        .collect(Collectors.joining(" ", type + " ", ""));
    }
}

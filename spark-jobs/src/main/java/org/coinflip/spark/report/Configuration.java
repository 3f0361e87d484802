package org.coinflip.spark.report;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a run was told to do and what it ran on. */
public final class Configuration {
    private static final ConfigRenderOptions HOCON =
            ConfigRenderOptions.defaults().setOriginComments(false).setJson(false);

    private Configuration() {}

    public record Version(String of, String version) {}

    /** The configuration in HOCON, as it could be put into a file; nothing if there is none. */
    public static Optional<String> text(Object config) {
        if (!(config instanceof Map<?, ?> map)) {
            return Optional.ofNullable(config).map(String::valueOf);
        }
        return map.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        ConfigValueFactory.fromAnyRef(plain(map)).render(HOCON).strip());
    }

    /** The versions, in the order of the summary. */
    static List<Version> versions(Fields versions) {
        return versions.values().entrySet().stream()
                .map(entry -> new Version(String.valueOf(entry.getKey()), String.valueOf(entry.getValue())))
                .toList();
    }

    /** The value with nothing in it that HOCON does not know: what is neither object, list, number nor truth is its text. */
    private static Object plain(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> plain = new LinkedHashMap<>();
            map.forEach((key, entry) -> plain.put(String.valueOf(key), plain(entry)));
            return plain;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Configuration::plain).toList();
        }
        boolean known = value == null
                || value instanceof Boolean
                || (value instanceof Number number && Double.isFinite(number.doubleValue()));
        return known ? value : String.valueOf(value);
    }
}

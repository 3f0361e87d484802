package org.coinflip.spark.output;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Hides credentials in what is written: values of keys named like them, and the user part of URLs. */
public final class Redaction {
    private static final Pattern SECRET_KEY =
            Pattern.compile("(?i).*(password|passwd|secret|token|credential|access.?key|api.?key).*");
    private static final Pattern URL_USER = Pattern.compile("(?<=://)[^/@\\s]+@");
    private static final String HIDDEN = "(redacted)";

    private Redaction() {}

    /** A copy of a configuration, nested maps and lists included, without credentials. */
    public static Map<String, Object> redact(Map<String, Object> config) {
        Map<String, Object> copy = new LinkedHashMap<>();
        config.forEach((key, value) -> copy.put(key, SECRET_KEY.matcher(key).matches() ? HIDDEN : redactValue(value)));
        return copy;
    }

    private static Object redactValue(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> named = new LinkedHashMap<>();
            map.forEach((key, inner) -> named.put(String.valueOf(key), inner));
            return redact(named);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Redaction::redactValue).toList();
        }
        return value instanceof String text ? URL_USER.matcher(text).replaceAll(HIDDEN + "@") : value;
    }
}

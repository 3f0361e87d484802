package org.coinflip.spark.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Settings as nested maps and lists, with one value changed. Immutable.
 *
 * @param root the file
 */
record WrittenTree(Map<String, Object> root) {
    private static final Pattern STEP = Pattern.compile("[^.\\[\\]]+|\\[\\d+\\]");

    /** The same with a value in a section, such as {@code network.layers[0]}; one that is null is taken away. */
    WrittenTree with(String section, String key, Object value) {
        return new WrittenTree(map(changed(root, steps(section), key, value, false)));
    }

    /** The same with nothing but one value in a section. */
    WrittenTree withOnly(String section, String key, Object value) {
        return new WrittenTree(map(changed(root, steps(section), key, value, true)));
    }

    private static List<String> steps(String section) {
        return STEP.matcher(section).results().map(MatchResult::group).toList();
    }

    private static Object changed(Object node, List<String> steps, String key, Object value, boolean alone) {
        if (steps.isEmpty()) {
            Map<String, Object> copy = alone || !(node instanceof Map) ? new LinkedHashMap<>() : copy(node);
            if (value == null) {
                copy.remove(key);
            } else {
                copy.put(key, value);
            }
            return copy;
        }
        String step = steps.get(0);
        List<String> rest = steps.subList(1, steps.size());
        if (step.startsWith("[") && node instanceof List<?> list) {
            int place = Integer.parseInt(step.substring(1, step.length() - 1));
            List<Object> copy = new ArrayList<>(list);
            copy.set(place, changed(list.get(place), rest, key, value, alone));
            return copy;
        }
        Map<String, Object> copy = node instanceof Map ? copy(node) : new LinkedHashMap<>();
        copy.put(step, changed(copy.get(step), rest, key, value, alone));
        return copy;
    }

    private static Map<String, Object> copy(Object node) {
        return new LinkedHashMap<>(map(node));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object node) {
        return (Map<String, Object>) node;
    }
}

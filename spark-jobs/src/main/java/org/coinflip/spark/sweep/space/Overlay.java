package org.coinflip.spark.sweep.space;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.coinflip.model.error.UsageException;

/** An experiment with a configuration's settings in the places of its own. */
public final class Overlay {
    private Overlay() {}

    /**
     * Sets values by path. In a list of sections a path goes on through one element by its place, or through all elements of a type by
     * the type's name.
     *
     * @param base not modified
     */
    public static Config apply(Config base, Map<String, Object> settings) {
        Object root = copy(base.root().unwrapped());
        new TreeMap<>(settings).forEach((path, value) -> set(root, List.of(path.split("\\.")), 0, path, value));
        return ConfigValueFactory.fromAnyRef(root).atPath("root").getConfig("root");
    }

    /** All values of an experiment that are no sections, by path; in lists of sections by place. */
    public static Map<String, Object> leaves(Config base) {
        Map<String, Object> leaves = new TreeMap<>();
        collect(base.root().unwrapped(), "", leaves);
        return leaves;
    }

    private static void collect(Object value, String path, Map<String, Object> leaves) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> collect(inner, path.isEmpty() ? "" + key : path + "." + key, leaves));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                collect(list.get(i), path + "." + i, leaves);
            }
        } else {
            leaves.put(path, value);
        }
    }

    private static Object copy(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, inner) -> copy.put((String) key, copy(inner)));
            return copy;
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(item -> copy.add(copy(item)));
            return copy;
        }
        return value;
    }

    @SuppressWarnings("unchecked") // the tree is ours: maps have text for keys
    private static void set(Object node, List<String> steps, int at, String path, Object value) {
        String step = steps.get(at);
        boolean last = at == steps.size() - 1;
        if (node instanceof Map<?, ?>) {
            Map<String, Object> map = (Map<String, Object>) node;
            if (last) {
                map.put(step, copy(value));
                return;
            }
            Object inner = map.get(step);
            if (inner instanceof String type && !last) {
                // law = bernoulli is law { type = bernoulli }
                inner = new LinkedHashMap<>(Map.of("type", type));
                map.put(step, inner);
            } else if (!(inner instanceof Map<?, ?>) && !(inner instanceof List<?>)) {
                inner = new LinkedHashMap<String, Object>();
                map.put(step, inner);
            }
            set(inner, steps, at + 1, path, value);
            return;
        }
        List<Object> list = (List<Object>) node;
        List<Integer> places = places(list, step);
        if (places.isEmpty()) {
            throw new UsageException("sweep.space: " + path + ": got " + step + ", expected a place from 0 to "
                    + (list.size() - 1) + " or the type of a section in " + ConfigUtil.joinPath(steps.subList(0, at)));
        }
        for (int place : places) {
            if (last) {
                list.set(place, copy(value));
            } else {
                set(list.get(place), steps, at + 1, path, value);
            }
        }
    }

    private static List<Integer> places(List<Object> list, String step) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            boolean named = list.get(i) instanceof Map<?, ?> section && step.equals(section.get("type"));
            if (step.equals(String.valueOf(i)) || named) {
                places.add(i);
            }
        }
        return places;
    }
}

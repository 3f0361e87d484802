package org.coinflip.spark.sweep.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Axes by the ends of their names: as many parts as it takes to tell them apart. */
final class ShortNames {
    private final Map<String, String> names = new LinkedHashMap<>();

    ShortNames(List<String> axes) {
        for (String axis : axes) {
            List<String> parts = List.of(axis.split("\\.(?![^(]*\\))"));
            String end = axis;
            for (int taken = parts.size(); taken > 0; taken--) {
                String candidate = String.join(".", parts.subList(parts.size() - taken, parts.size()));
                boolean alone = axes.stream()
                        .filter(other -> other.equals(candidate) || other.endsWith("." + candidate))
                        .allMatch(axis::equals);
                end = alone ? candidate : end;
            }
            names.put(axis, end);
        }
    }

    String of(String axis) {
        return names.getOrDefault(axis, axis);
    }

    Map<String, String> all() {
        return names;
    }
}

package org.coinflip.spark.report;

import java.lang.reflect.Array;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * A JSON object read with forgiveness: a key that is absent, null or of another type than asked for is simply not there. Arrays count as
 * lists.
 */
record Fields(Map<?, ?> values) {
    static Fields of(Object value) {
        return new Fields(value instanceof Map<?, ?> map ? map : Map.of());
    }

    /** The number under the key, if it is finite. */
    OptionalDouble number(String key) {
        return values.get(key) instanceof Number number && Double.isFinite(number.doubleValue())
                ? OptionalDouble.of(number.doubleValue())
                : OptionalDouble.empty();
    }

    /** The value under the key as it is written, unless it is blank or an object or list. */
    Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key))
                .filter(value -> !(value instanceof Map
                        || value instanceof List
                        || value.getClass().isArray()))
                .map(String::valueOf)
                .filter(text -> !text.isBlank());
    }

    /** The object under the key, or an empty one. */
    Fields section(String key) {
        return of(values.get(key));
    }

    /** The objects in the list under the key, or none. */
    List<Fields> list(String key) {
        return values.get(key) instanceof List<?> list
                ? list.stream()
                        .map(Fields::of)
                        .filter(fields -> !fields.values.isEmpty())
                        .toList()
                : List.of();
    }

    /** What the list under the key holds, or nothing. */
    List<?> items(String key) {
        return items(values.get(key));
    }

    /** The numbers in a list, NaN for what is none; no numbers where the value is no list. */
    static double[] numbers(Object list) {
        return items(list).stream()
                .mapToDouble(item -> item instanceof Number number ? number.doubleValue() : Double.NaN)
                .toArray();
    }

    private static List<?> items(Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        return value == null || !value.getClass().isArray()
                ? List.of()
                : IntStream.range(0, Array.getLength(value))
                        .mapToObj(i -> Array.get(value, i))
                        .toList();
    }
}

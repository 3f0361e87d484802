package org.coinflip.model.settings;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the code that reads a key says of it by reading it.
 *
 * @param section path of the key's section, such as {@code network.layers[0].law}; empty for the file itself
 * @param key its name there
 * @param kind what its value is
 * @param range where a number lies
 * @param names what a name may be; empty where the value is none
 * @param byDefault what stands for it where it is not written, as it would be written; absent where nothing does
 * @param value what is written; absent where nothing is
 */
public record Declaration(
        String section,
        String key,
        ValueKind kind,
        Range range,
        List<String> names,
        Optional<String> byDefault,
        Optional<Object> value) {

    /** A value as it would be written in an experiment file. */
    static String written(Object value) {
        if (value instanceof Enum<?> constant) {
            return Section.name(constant);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Declaration::written).collect(Collectors.joining(", ", "[", "]"));
        }
        return value instanceof Double number ? written(number.doubleValue()) : String.valueOf(value);
    }

    static String written(double number) {
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            return Long.toString((long) number);
        }
        return Double.isInfinite(number)
                ? (number > 0 ? "∞" : "-∞")
                : Double.toString(number).replace("E", "e").replace(".0e", "e");
    }
}

package org.coinflip.model.function;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.Section;

/** The functions of units by the names that experiment files use. */
public final class UnitFunctions {
    private static final Map<String, Function<Section, UnitFunction>> READERS =
            new TreeMap<>(Map.of(Linear.TYPE, Linear::read, Quadratic.TYPE, Quadratic::read, Table.TYPE, Table::read));

    private UnitFunctions() {}

    /** Reads a function from its section, whose {@code type} names it. */
    public static UnitFunction read(Section section) {
        UnitFunction function = READERS.get(section.named("type", "a function of units", names()))
                .apply(section);
        section.finish();
        return function;
    }

    public static List<String> names() {
        return List.copyOf(READERS.keySet());
    }

    /** Finite numbers that must be given. */
    static List<Double> finite(Section section, String key) {
        List<Double> values = section.numbers(key);
        for (int i = 0; i < values.size(); i++) {
            if (!Double.isFinite(values.get(i))) {
                throw new UsageException(
                        section.path(key) + "[" + i + "]: got " + values.get(i) + ", expected a finite number");
            }
        }
        return values;
    }
}

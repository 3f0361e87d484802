package org.coinflip.spark.study.estimators;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.function.Linear;
import org.coinflip.model.function.Table;
import org.coinflip.model.function.UnitFunction;
import org.coinflip.model.function.UnitFunctions;
import org.coinflip.model.layer.DenseLayer;
import org.coinflip.model.layer.plain.FunctionLayer;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * A loss of D units whose gradient is known: a function of the units, or one of the outputs of dense layers above them.
 *
 * @param name what tables call it
 * @param units D
 * @param hidden widths of layers of tanh units below the function
 * @param function on top
 * @param logits where it is studied; the study's grid where empty
 */
record TestFunction(
        String name, int units, List<Integer> hidden, UnitFunction function, Optional<List<Double>> logits) {
    private static final String RANDOM_TABLE = "random-table";
    private static final String RANDOM_NETWORK = "random-network";

    /** Reads {@code function { type, … }, units, logits, name} of a section, which may have other keys. */
    static TestFunction read(Section section) {
        Section chosen = section.typed("function", null);
        List<String> types = new ArrayList<>(UnitFunctions.names());
        types.addAll(List.of(RANDOM_TABLE, RANDOM_NETWORK));
        String type = chosen.named("type", "a function of units", types);
        Optional<List<Double>> logits =
                section.has("logits") ? Optional.of(finite(section, "logits", List.of())) : Optional.empty();
        OptionalInt written = section.optionalInteger("units", 1, Integer.MAX_VALUE);
        Optional<Integer> asked = written.isPresent() ? Optional.of(written.getAsInt()) : logits.map(List::size);
        TestFunction function =
                switch (type) {
                    case RANDOM_TABLE -> randomTable(chosen, checked(section, asked.orElse(1)), logits);
                    case RANDOM_NETWORK -> randomNetwork(chosen, checked(section, asked.orElse(1)), logits);
                    default -> known(section, chosen, asked, logits);
                };
        if (logits.isPresent() && logits.get().size() != function.units) {
            throw new UsageException(
                    section.path("logits") + ": got " + logits.get().size() + " numbers, expected " + function.units
                            + ", one for each unit of " + function.name);
        }
        String name = section.text("name", function.name);
        return new TestFunction(name, function.units, function.hidden, function.function, logits);
    }

    private static TestFunction known(
            Section section, Section chosen, Optional<Integer> asked, Optional<List<Double>> logits) {
        UnitFunction function = UnitFunctions.read(chosen);
        int units = checked(section, asked.orElse(ownUnits(function)));
        function.check(units, section.path("function"));
        Map<String, Object> keys = function.write();
        String detail = keys.containsKey("t") ? " t=" + keys.get("t") : "";
        return new TestFunction(
                keys.get("type") + detail + (units == 1 ? "" : " D=" + units), units, List.of(), function, logits);
    }

    private static int ownUnits(UnitFunction function) {
        if (function instanceof Linear linear) {
            return linear.weights().size();
        }
        return function instanceof Table table
                ? Integer.numberOfTrailingZeros(table.values().size())
                : 1;
    }

    /** Values uniform on ± √3 deviation. */
    private static TestFunction randomTable(Section section, int units, Optional<List<Double>> logits) {
        int seed = section.integer("seed", 1, 0, Integer.MAX_VALUE);
        double deviation = section.number("deviation", 1, Range.POSITIVE);
        section.finish();
        Table table = new Table(random(seed, 1 << units, deviation));
        return new TestFunction(RANDOM_TABLE + " D=" + units, units, List.of(), table, logits);
    }

    /** Tanh layers with the initial weights of the study's seed, twice Glorot's, and random weights of their outputs. */
    private static TestFunction randomNetwork(Section section, int units, Optional<List<Double>> logits) {
        List<Integer> hidden = section.numbers("hidden", List.of(4.0, 4.0)).stream()
                .map(Double::intValue)
                .toList();
        if (hidden.isEmpty() || hidden.stream().anyMatch(width -> width < 1)) {
            throw section.wrong("hidden", "a list of widths, at least 1 each");
        }
        int seed = section.integer("seed", 1, 0, Integer.MAX_VALUE);
        section.finish();
        Linear top = new Linear(random(seed, hidden.get(hidden.size() - 1), 1));
        return new TestFunction(RANDOM_NETWORK + " D=" + units, units, hidden, top, logits);
    }

    private static int checked(Section section, int units) {
        if (units > ExactGradient.MOST_UNITS) {
            throw new UsageException(section.path("units") + ": got " + units + ", expected at most "
                    + ExactGradient.MOST_UNITS + ": the exact gradient is a sum over 2^units values");
        }
        return units;
    }

    private static List<Double> random(int seed, int count, double deviation) {
        NoiseKey key = new NoiseKey(seed, 0, NoiseKey.STUDY);
        return IntStream.range(0, count)
                .mapToObj(i -> (2 * key.uniform(i) - 1) * Math.sqrt(3) * deviation)
                .toList();
    }

    /** Finite numbers that are given. */
    static List<Double> finite(Section section, String key, List<Double> byDefault) {
        List<Double> numbers = section.numbers(key, byDefault);
        for (int i = 0; i < numbers.size(); i++) {
            if (!Double.isFinite(numbers.get(i))) {
                throw new UsageException(
                        section.path(key) + "[" + i + "]: got " + numbers.get(i) + ", expected a finite number");
            }
        }
        return numbers;
    }

    /** Its degree in the columns of one unit. */
    int degree(int columns) {
        return hidden.isEmpty() ? function.degree(columns) : Bias.ANY_DEGREE;
    }

    /** The layers above the units, as a network's file writes them. */
    List<Map<String, Object>> layers() {
        List<Map<String, Object>> layers = new ArrayList<>();
        for (int width : hidden) {
            layers.add(Map.of("type", DenseLayer.TYPE, "units", width, "activation", "tanh", "initial-scale", 2));
        }
        layers.add(new FunctionLayer(function).write());
        return layers;
    }

    /** What it resolved to, for the summary. */
    Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("name", name);
        keys.put("units", units);
        keys.put("hidden", hidden);
        keys.put("function", function.write());
        logits.ifPresent(list -> keys.put("logits", list));
        return keys;
    }
}

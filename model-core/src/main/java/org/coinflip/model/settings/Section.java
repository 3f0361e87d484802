package org.coinflip.model.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.coinflip.model.error.UsageException;

/**
 * One section of an experiment file, read key by key. Reading a key declares it: {@link #finish()} then refuses every key that
 * was not read and names the nearest one that was. Errors name the whole path, the value got, what was expected.
 *
 * <p>Not thread-safe; made, read and finished in one method.
 */
public final class Section {
    private final String path;
    private final Config config;
    private final TreeSet<String> declared = new TreeSet<>();

    private Section(String path, Config config) {
        this.path = path;
        this.config = config;
    }

    /** The whole file. */
    public static Section root(Config config) {
        return new Section("", config);
    }

    /** The full path of {@code key} in the file, for messages. */
    public String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    public boolean has(String key) {
        declared.add(key);
        return config.hasPath(quoted(key));
    }

    /** A whole number in {@code [least, most]}. */
    public int integer(String key, int byDefault, int least, int most) {
        return has(key) ? integer(key, least, most) : byDefault;
    }

    /** A whole number in {@code [least, most]} that must be given. */
    public int integer(String key, int least, int most) {
        long value = whole(key);
        if (value < least || value > most) {
            throw wrong(key, most == Integer.MAX_VALUE ? "at least " + least : "from " + least + " to " + most);
        }
        return (int) value;
    }

    /** Any 64-bit whole number. */
    public long wholeNumber(String key, long byDefault) {
        return has(key) ? whole(key) : byDefault;
    }

    private long whole(String key) {
        // as text: a number that went through a double may have lost digits
        String text = read(key, "a whole number", () -> config.getString(quoted(key)));
        try {
            return DecimalNumber.parseWhole(text);
        } catch (NumberFormatException e) {
            throw wrong(key, "a whole number");
        } catch (ArithmeticException e) {
            throw wrong(key, "a whole number of 64 bits");
        }
    }

    /** A number in a {@link Range}. */
    public double number(String key, double byDefault, Range range) {
        return has(key) ? number(key, range) : byDefault;
    }

    /** A number in a {@link Range} that must be given. */
    public double number(String key, Range range) {
        double value = decimal(key, read(key, "a number", () -> config.getString(quoted(key))));
        if (!range.contains(value)) {
            throw wrong(key, range.toString());
        }
        return value;
    }

    public boolean flag(String key, boolean byDefault) {
        return has(key) ? read(key, "true or false", () -> config.getBoolean(quoted(key))) : byDefault;
    }

    public String text(String key, String byDefault) {
        return has(key) ? read(key, "text", () -> config.getString(quoted(key))) : byDefault;
    }

    /** Text that must be given. */
    public String text(String key) {
        return read(key, "text", () -> config.getString(quoted(key)));
    }

    public List<Double> numbers(String key, List<Double> byDefault) {
        if (!has(key)) {
            return byDefault;
        }
        List<Double> numbers = new ArrayList<>();
        for (String text : read(key, "a list of numbers", () -> config.getStringList(quoted(key)))) {
            if (!DecimalNumber.isOne(text)) {
                throw new UsageException(
                        path(key) + "[" + numbers.size() + "]: got " + text + ", expected a finite number");
            }
            numbers.add(DecimalNumber.parse(text));
        }
        return List.copyOf(numbers);
    }

    /** A list of texts, each once. */
    public List<String> texts(String key, List<String> byDefault) {
        if (!has(key)) {
            return byDefault;
        }
        List<String> texts = read(key, "a list of texts", () -> config.getStringList(quoted(key)));
        if (texts.stream().distinct().count() < texts.size()) {
            throw wrong(key, "each of them once");
        }
        return List.copyOf(texts);
    }

    private double decimal(String key, String text) {
        try {
            return DecimalNumber.parse(text);
        } catch (NumberFormatException e) {
            throw wrong(key, "a number");
        }
    }

    /** One of an enumeration's constants, written in lower case with dashes. */
    public <E extends Enum<E>> E choice(String key, E byDefault) {
        if (!has(key)) {
            return byDefault;
        }
        String got = text(key);
        List<String> names = new ArrayList<>();
        for (E constant : byDefault.getDeclaringClass().getEnumConstants()) {
            if (name(constant).equals(got)) {
                return constant;
            }
            names.add(name(constant));
        }
        throw wrong(key, "one of " + String.join(", ", names) + suggestion(got, names));
    }

    /** Several of an enumeration's constants, each once; the list may be empty. */
    public <E extends Enum<E>> List<E> choices(String key, Class<E> of, List<E> byDefault) {
        if (!has(key)) {
            return byDefault;
        }
        List<String> names =
                Arrays.stream(of.getEnumConstants()).map(Section::name).toList();
        List<E> chosen = new ArrayList<>();
        for (String got : read(key, "a list of names", () -> config.getStringList(quoted(key)))) {
            int at = names.indexOf(got);
            if (at < 0) {
                throw wrong(key, "some of " + String.join(", ", names) + suggestion(got, names));
            }
            if (chosen.contains(of.getEnumConstants()[at])) {
                throw wrong(key, "each of them once");
            }
            chosen.add(of.getEnumConstants()[at]);
        }
        return List.copyOf(chosen);
    }

    /** How an enumeration's constant is written in an experiment file: {@code NOISY_RECTIFIER} is {@code noisy-rectifier}. */
    public static String name(Enum<?> constant) {
        return constant.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** Whether a subsection is written under {@code key}, where a plain value may stand too. */
    public boolean isSection(String key) {
        return has(key) && config.getValue(quoted(key)).valueType() == ConfigValueType.OBJECT;
    }

    /** Whether a list is written under {@code key}, where a plain value may stand too. */
    public boolean isList(String key) {
        return has(key) && config.getValue(quoted(key)).valueType() == ConfigValueType.LIST;
    }

    /** The subsection under {@code key}; empty where it is absent, so that its own defaults hold. */
    public Section section(String key) {
        return has(key)
                ? new Section(path(key), read(key, "a section { … }", () -> config.getConfig(quoted(key))))
                : new Section(path(key), ConfigFactory.empty());
    }

    /** A section whose {@code type} may be all that is written: {@code law = bernoulli} is {@code law { type = bernoulli }}. */
    public Section typed(String key, String typeByDefault) {
        if (has(key) && config.getValue(quoted(key)).valueType() == ConfigValueType.STRING) {
            return new Section(path(key), ConfigFactory.parseMap(java.util.Map.of("type", text(key))));
        }
        Section section = section(key);
        if (typeByDefault == null || section.has("type")) {
            return section;
        }
        return new Section(
                section.path,
                section.config.withFallback(ConfigFactory.parseMap(java.util.Map.of("type", typeByDefault))));
    }

    /** The sections of a list; a list that is absent is empty. */
    public List<Section> sections(String key) {
        List<Section> all = new ArrayList<>();
        if (has(key)) {
            List<? extends ConfigObject> objects =
                    read(key, "a list of sections [ { … }, … ]", () -> config.getObjectList(quoted(key)));
            for (ConfigObject object : objects) {
                all.add(new Section(path(key) + "[" + all.size() + "]", object.toConfig()));
            }
        }
        return all;
    }

    /** What is written here, whole. */
    public Config config() {
        return config;
    }

    /** Declares a key that someone else reads. */
    public Section allow(String... keys) {
        declared.addAll(List.of(keys));
        return this;
    }

    /** Refuses what was written but not read. */
    public void finish() {
        for (String key : config.root().keySet()) {
            if (!declared.contains(key)) {
                throw new UsageException(path(key) + ": unknown key" + suggestion(key, List.copyOf(declared))
                        + "; known here: " + String.join(", ", declared));
            }
        }
    }

    /** A failure that names a key's path, the value written there and what was expected. */
    public UsageException wrong(String key, String expected) {
        ConfigValue value = config.hasPath(quoted(key)) ? config.getValue(quoted(key)) : null;
        String got = value == null ? "nothing" : value.render(ConfigRenderOptions.concise());
        return new UsageException(path(key) + ": got " + got + ", expected " + expected);
    }

    /** {@code "; did you mean NEAREST?"} where one of the names is near enough to what was written, else nothing. */
    public static String suggestion(String got, List<String> names) {
        Optional<String> nearest = names.stream().min(Comparator.comparingInt(name -> distance(got, name)));
        return nearest.filter(name -> distance(got, name) <= Math.max(2, got.length() / 2))
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
    }

    private static int distance(String a, String b) {
        return LevenshteinDistance.getDefaultInstance().apply(a, b);
    }

    private static String quoted(String key) {
        return ConfigUtil.joinPath(key);
    }

    private <T> T read(String key, String expected, Supplier<T> reading) {
        declared.add(key);
        try {
            return reading.get();
        } catch (ConfigException e) {
            throw wrong(key, expected);
        }
    }
}

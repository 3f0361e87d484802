package org.coinflip.model.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.coinflip.model.error.UsageException;

/**
 * The values that are written in a section, each taken for what it should be, or refused by its path, what was got and what was expected.
 *
 * @param path of the section; empty for the whole file
 * @param config what is written
 */
record WrittenValues(String path, Config config) {
    private static final String LIST_OF_TYPED = "a list of sections, or of their types alone: [{ type = … }, …]";

    /** The full path of a key in the file. */
    String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    boolean has(String key) {
        return config.hasPath(quoted(key));
    }

    boolean is(String key, ConfigValueType type) {
        return has(key) && value(key).valueType() == type;
    }

    ConfigValue value(String key) {
        return config.getValue(quoted(key));
    }

    int integer(String key, int least, int most) {
        long value = whole(key);
        if (value < least || value > most) {
            throw wrong(key, most == Integer.MAX_VALUE ? "at least " + least : "from " + least + " to " + most);
        }
        return (int) value;
    }

    long whole(String key) {
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

    double number(String key, Range range) {
        String text = read(key, "a number", () -> config.getString(quoted(key)));
        double value = DecimalNumber.parseOrNaN(text);
        if (Double.isNaN(value)) {
            throw wrong(key, "a number");
        }
        if (!range.contains(value)) {
            throw wrong(key, range.toString());
        }
        return value;
    }

    boolean flag(String key) {
        return read(key, "true or false", () -> config.getBoolean(quoted(key)));
    }

    String text(String key) {
        return read(key, "text", () -> config.getString(quoted(key)));
    }

    List<Double> numbers(String key) {
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

    List<String> texts(String key) {
        List<String> texts = read(key, "a list of texts", () -> config.getStringList(quoted(key)));
        if (texts.stream().distinct().count() < texts.size()) {
            throw wrong(key, "each of them once");
        }
        return List.copyOf(texts);
    }

    /** The place of the written name among those that are known. */
    int name(String key, String what, List<String> names) {
        String expected = what + "one of " + String.join(", ", names);
        if (!has(key)) {
            throw wrong(key, expected);
        }
        String got = text(key);
        int at = names.indexOf(got);
        if (at < 0) {
            throw wrong(key, expected + Section.suggestion(got, names));
        }
        return at;
    }

    /** The places of the written names among those that are known. */
    List<Integer> names(String key, List<String> names) {
        List<Integer> places = new ArrayList<>();
        for (String got : read(key, "a list of names", () -> config.getStringList(quoted(key)))) {
            int at = names.indexOf(got);
            if (at < 0) {
                throw wrong(key, "some of " + String.join(", ", names) + Section.suggestion(got, names));
            }
            if (places.contains(at)) {
                throw wrong(key, "each of them once");
            }
            places.add(at);
        }
        return places;
    }

    Config section(String key) {
        return read(key, "a section { … }", () -> config.getConfig(quoted(key)));
    }

    List<? extends ConfigObject> sections(String key) {
        return read(key, "a list of sections [ { … }, … ]", () -> config.getObjectList(quoted(key)));
    }

    /** The sections of a list, of which some may be no more than a text, their {@code type}. */
    List<Config> typedSections(String key) {
        List<Config> all = new ArrayList<>();
        for (ConfigValue value : read(key, LIST_OF_TYPED, () -> config.getList(quoted(key)))) {
            if (value instanceof ConfigObject section) {
                all.add(section.toConfig());
            } else if (value.valueType() == ConfigValueType.STRING) {
                all.add(value.atKey("type"));
            } else {
                throw wrong(key, LIST_OF_TYPED);
            }
        }
        return all;
    }

    UsageException wrong(String key, String expected) {
        String got = has(key) ? value(key).render(ConfigRenderOptions.concise()) : "nothing";
        return new UsageException(path(key) + ": got " + got + ", expected " + expected);
    }

    private static String quoted(String key) {
        return ConfigUtil.joinPath(key);
    }

    private <T> T read(String key, String expected, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (ConfigException e) {
            throw wrong(key, expected);
        }
    }
}

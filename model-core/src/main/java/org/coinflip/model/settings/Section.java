package org.coinflip.model.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.coinflip.model.error.UsageException;

/**
 * One section of an experiment file, read key by key. Reading a key declares it: {@link #finish()} then refuses every key that
 * was not read and names the nearest one that was. Errors name the whole path, the value got, what was expected. An observer hears
 * what is declared, with its type, range and default, in this section and in those below it.
 *
 * <p>Not thread-safe; made, read and finished in one method.
 */
public final class Section {
    private static final String TYPE = "type";

    private final WrittenValues written;
    private final DeclarationObserver observer;
    /** What {@code type} is where it is not written; null where nothing is. */
    private final String typeByDefault;

    private final TreeSet<String> declared = new TreeSet<>();

    private Section(String path, Config config, DeclarationObserver observer, String typeByDefault) {
        this.written = new WrittenValues(path, config);
        this.observer = observer;
        this.typeByDefault = typeByDefault;
    }

    /** The whole file. */
    public static Section root(Config config) {
        return root(config, DeclarationObserver.NONE);
    }

    /** The whole file, whose declarations are heard. */
    public static Section root(Config config, DeclarationObserver observer) {
        return of("", config, observer);
    }

    /** A section that is taken out of a file. */
    public static Section of(String path, Config config, DeclarationObserver observer) {
        return new Section(path, config, observer, null);
    }

    /** Who hears what is declared here, for parts of a file that are read as files of their own. */
    public DeclarationObserver observer() {
        return observer;
    }

    /** The full path of {@code key} in the file, for messages. */
    public String path(String key) {
        return written.path(key);
    }

    /** Whether a key is written. */
    public boolean has(String key) {
        declare(key, ValueKind.ASKED);
        return written.has(key);
    }

    /** Declares a key whose value is read from {@link #config()}. */
    public void declare(String key, ValueKind kind) {
        declare(key, kind, Range.FINITE, List.of(), null);
    }

    private void declare(String key, ValueKind kind, Object byDefault) {
        declare(key, kind, Range.FINITE, List.of(), byDefault);
    }

    private void declare(String key, ValueKind kind, Range range, List<String> names, Object byDefault) {
        declared.add(key);
        if (observer != DeclarationObserver.NONE) {
            Object otherwise = key.equals(TYPE) && typeByDefault != null ? typeByDefault : byDefault;
            observer.declared(new Declaration(
                    written.path(),
                    key,
                    kind,
                    range,
                    names,
                    Optional.ofNullable(otherwise).map(Declaration::written),
                    written.has(key) ? Optional.of(written.value(key).unwrapped()) : Optional.empty()));
        }
    }

    /** A whole number in {@code [least, most]}. */
    public int integer(String key, int byDefault, int least, int most) {
        declare(key, ValueKind.WHOLE_NUMBER, Range.of(least, most), List.of(), byDefault);
        return written.has(key) ? written.integer(key, least, most) : byDefault;
    }

    /** A whole number in {@code [least, most]} that must be given. */
    public int integer(String key, int least, int most) {
        declare(key, ValueKind.WHOLE_NUMBER, Range.of(least, most), List.of(), null);
        return written.integer(key, least, most);
    }

    /** A whole number in {@code [least, most]} that may be left out. */
    public OptionalInt optionalInteger(String key, int least, int most) {
        declare(key, ValueKind.WHOLE_NUMBER, Range.of(least, most), List.of(), null);
        return written.has(key) ? OptionalInt.of(written.integer(key, least, most)) : OptionalInt.empty();
    }

    /** Any 64-bit whole number. */
    public long wholeNumber(String key, long byDefault) {
        declare(key, ValueKind.WHOLE_NUMBER, byDefault);
        return written.has(key) ? written.whole(key) : byDefault;
    }

    /** Any 64-bit whole number, which may be left out. */
    public OptionalLong optionalWholeNumber(String key) {
        declare(key, ValueKind.WHOLE_NUMBER);
        return written.has(key) ? OptionalLong.of(written.whole(key)) : OptionalLong.empty();
    }

    /** A number in a {@link Range}. */
    public double number(String key, double byDefault, Range range) {
        declare(key, ValueKind.NUMBER, range, List.of(), byDefault);
        return written.has(key) ? written.number(key, range) : byDefault;
    }

    /** A number in a {@link Range} that must be given. */
    public double number(String key, Range range) {
        declare(key, ValueKind.NUMBER, range, List.of(), null);
        return written.number(key, range);
    }

    public boolean flag(String key, boolean byDefault) {
        declare(key, ValueKind.FLAG, byDefault);
        return written.has(key) ? written.flag(key) : byDefault;
    }

    public String text(String key, String byDefault) {
        declare(key, ValueKind.TEXT, byDefault);
        return written.has(key) ? written.text(key) : byDefault;
    }

    /** Text that must be given. */
    public String text(String key) {
        declare(key, ValueKind.TEXT);
        return written.text(key);
    }

    /** Text that may be left out. */
    public Optional<String> optionalText(String key) {
        declare(key, ValueKind.TEXT);
        return written.has(key) ? Optional.of(written.text(key)) : Optional.empty();
    }

    /** Whether a word is written where another value may stand too. */
    public boolean is(String key, String word) {
        declare(key, ValueKind.NAME, Range.FINITE, List.of(word), null);
        return written.has(key) && written.value(key).unwrapped().equals(word);
    }

    public List<Double> numbers(String key, List<Double> byDefault) {
        declare(key, ValueKind.NUMBERS, byDefault);
        return written.has(key) ? written.numbers(key) : byDefault;
    }

    /** A list of whole numbers of at least 1; none unless given. */
    public List<Integer> sizes(String key) {
        List<Double> sizes = numbers(key, List.of());
        if (sizes.stream().anyMatch(s -> s < 1 || s != Math.rint(s) || s > Integer.MAX_VALUE)) {
            throw wrong(key, "a list of whole numbers of at least 1");
        }
        return sizes.stream().map(Double::intValue).toList();
    }

    /** A list of numbers that must be given. */
    public List<Double> numbers(String key) {
        declare(key, ValueKind.NUMBERS);
        return written.numbers(key);
    }

    /** A list of texts, each once. */
    public List<String> texts(String key, List<String> byDefault) {
        declare(key, ValueKind.TEXTS, byDefault);
        return written.has(key) ? written.texts(key) : byDefault;
    }

    /** One of an enumeration's constants, written in lower case with dashes. */
    public <E extends Enum<E>> E choice(String key, E byDefault) {
        E[] constants = byDefault.getDeclaringClass().getEnumConstants();
        List<String> names = names(constants);
        declare(key, ValueKind.NAME, Range.FINITE, names, byDefault);
        return written.has(key) ? constants[written.name(key, "", names)] : byDefault;
    }

    /** One of an enumeration's constants, which may be left out. */
    public <E extends Enum<E>> Optional<E> optionalChoice(String key, Class<E> of) {
        List<String> names = names(of.getEnumConstants());
        declare(key, ValueKind.NAME, Range.FINITE, names, null);
        return written.has(key) ? Optional.of(of.getEnumConstants()[written.name(key, "", names)]) : Optional.empty();
    }

    /** Several of an enumeration's constants, each once; the list may be empty. */
    public <E extends Enum<E>> List<E> choices(String key, Class<E> of, List<E> byDefault) {
        List<String> names = names(of.getEnumConstants());
        declare(key, ValueKind.NAMES, Range.FINITE, names, byDefault);
        return written.has(key)
                ? written.names(key, names).stream()
                        .map(place -> of.getEnumConstants()[place])
                        .toList()
                : byDefault;
    }

    private static List<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Section::name).toList();
    }

    /**
     * One of some names.
     *
     * @param what what they are names of, for messages: "a layer"
     */
    public String named(String key, String what, Collection<String> names, String byDefault) {
        List<String> known = List.copyOf(names);
        declare(key, ValueKind.NAME, Range.FINITE, known, byDefault);
        return written.has(key) ? known.get(written.name(key, what + ", ", known)) : byDefault;
    }

    /**
     * One of some names, which must be given.
     *
     * @param what what they are names of, for messages: "a layer"
     */
    public String named(String key, String what, Collection<String> names) {
        List<String> known = List.copyOf(names);
        declare(key, ValueKind.NAME, Range.FINITE, known, null);
        return known.get(written.name(key, what + ", ", known));
    }

    /** How an enumeration's constant is written in an experiment file: {@code NOISY_RECTIFIER} is {@code noisy-rectifier}. */
    public static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether a subsection is written under {@code key}, where a plain value may stand too. */
    public boolean isSection(String key) {
        declare(key, ValueKind.ASKED);
        return written.is(key, ConfigValueType.OBJECT);
    }

    /** Whether a list is written under {@code key}, where a plain value may stand too. */
    public boolean isList(String key) {
        declare(key, ValueKind.ASKED);
        return written.is(key, ConfigValueType.LIST);
    }

    /** The subsection under {@code key}; empty where it is absent, so that its own defaults hold. */
    public Section section(String key) {
        declare(key, ValueKind.SECTION);
        return below(key, null);
    }

    private Section below(String key, String type) {
        return new Section(path(key), written.has(key) ? written.section(key) : ConfigFactory.empty(), observer, type);
    }

    /** A section whose {@code type} may be all that is written: {@code law = bernoulli} is {@code law { type = bernoulli }}. */
    public Section typed(String key, String type) {
        declare(key, ValueKind.TYPED_SECTION, type);
        if (written.is(key, ConfigValueType.STRING)) {
            return new Section(path(key), typeOnly(written.text(key)), observer, type);
        }
        Section section = below(key, type);
        if (type == null || section.written.has(TYPE)) {
            return section;
        }
        return new Section(path(key), section.config().withFallback(typeOnly(type)), observer, type);
    }

    private static Config typeOnly(String type) {
        return ConfigFactory.parseMap(Map.of(TYPE, type));
    }

    /** The sections of a list; a list that is absent is empty. */
    public List<Section> sections(String key) {
        declare(key, ValueKind.SECTIONS);
        List<Section> all = new ArrayList<>();
        if (written.has(key)) {
            for (ConfigObject object : written.sections(key)) {
                all.add(new Section(path(key) + "[" + all.size() + "]", object.toConfig(), observer, null));
            }
        }
        return all;
    }

    /** The sections of a list, each of which may be its {@code type} alone; a list that is absent is empty. */
    public List<Section> typedSections(String key) {
        declare(key, ValueKind.TYPED_SECTIONS);
        List<Section> all = new ArrayList<>();
        if (written.has(key)) {
            for (Config section : written.typedSections(key)) {
                all.add(new Section(path(key) + "[" + all.size() + "]", section, observer, null));
            }
        }
        return all;
    }

    /** What is written here, whole. */
    public Config config() {
        return written.config();
    }

    /** Declares keys that someone else reads. */
    public Section allow(String... keys) {
        for (String key : keys) {
            declare(key, ValueKind.ASKED);
        }
        return this;
    }

    /** Refuses what was written but not read. */
    public void finish() {
        for (String key : config().root().keySet()) {
            if (!declared.contains(key)) {
                throw new UsageException(path(key) + ": unknown key" + suggestion(key, List.copyOf(declared))
                        + "; known here: " + String.join(", ", declared));
            }
        }
        observer.finished(written.path());
    }

    /** A failure that names a key's path, the value written there and what was expected. */
    public UsageException wrong(String key, String expected) {
        return written.wrong(key, expected);
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
}

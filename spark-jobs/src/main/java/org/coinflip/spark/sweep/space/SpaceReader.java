package org.coinflip.spark.sweep.space;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.DeclarationObserver;
import org.coinflip.model.settings.Section;
import org.coinflip.model.settings.ValueKind;

/** Reads the section {@code space}: axes are found wherever a value may stand. Keys are taken in alphabetical order. */
final class SpaceReader {
    private static final Set<String> NUMERIC = Set.of("uniform", "log-uniform", "int", "normal");
    private static final String CHOICE = "choice";

    private final List<Axis> axes = new ArrayList<>();
    private final Map<String, Template> settings = new TreeMap<>();

    private final DeclarationObserver observer;

    SpaceReader(DeclarationObserver observer) {
        this.observer = observer;
    }

    /** The axes in the order of their numbers. */
    List<Axis> axes() {
        return axes;
    }

    /** What is set, by path; a path comes before those below it. */
    Map<String, Template> settings() {
        return settings;
    }

    /** Reads the top: sections are paths, lists are choices. */
    void read(ConfigObject object, String prefix) {
        new TreeMap<>(object).forEach((key, value) -> {
            String path = join(prefix, String.join(".", ConfigUtil.splitPath(quotedUnlessPath(key))));
            if (value instanceof ConfigObject inner && kind(inner) == null) {
                read(inner, path);
            } else if (value instanceof ConfigList list) {
                settings.put(path, choice(list, path, null, 0));
            } else {
                settings.put(path, template(value, path, null, 0));
            }
        });
    }

    private static String quotedUnlessPath(String key) {
        return key.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.')
                ? key
                : ConfigUtil.quoteString(key);
    }

    private Template template(ConfigValue value, String name, Axis parent, int option) {
        if (value instanceof ConfigObject object) {
            String kind = kind(object);
            if (kind == null) {
                Map<String, Template> fields = new LinkedHashMap<>();
                new TreeMap<>(object)
                        .forEach((key, inner) -> fields.put(key, template(inner, join(name, key), parent, option)));
                return new Template.Fields(fields);
            }
            Section section = Section.of("space", object.toConfig(), observer);
            try {
                if (kind.equals(CHOICE)) {
                    if (!(object.get(CHOICE) instanceof ConfigList list)) {
                        throw section.wrong(CHOICE, "a list [ … ]");
                    }
                    section.declare(CHOICE, ValueKind.LIST);
                    section.finish();
                    return choice(list, name, parent, option);
                }
                return new Template.Number(axis(name, Numeric.read(section, kind), parent, option));
            } catch (UsageException e) {
                throw new UsageException("sweep.space: axis " + name + ": " + e.getMessage(), e);
            }
        }
        if (value instanceof ConfigList list) {
            List<Template> items = new ArrayList<>();
            for (ConfigValue item : list) {
                items.add(template(item, join(name, String.valueOf(items.size())), parent, option));
            }
            return new Template.Items(items);
        }
        return new Template.Constant(value.unwrapped());
    }

    private Template choice(ConfigList list, String name, Axis parent, int option) {
        if (list.isEmpty()) {
            throw new UsageException("sweep.space: axis " + name + ": got no option, expected at least one");
        }
        List<String> labels = labels(list);
        List<Object> values = new ArrayList<>();
        for (ConfigValue value : list) {
            values.add(value.unwrapped() instanceof Number number ? number : labels.get(values.size()));
        }
        Axis axis = axis(name, new Choice(values), parent, option);
        List<Template> options = new ArrayList<>();
        for (ConfigValue value : list) {
            int place = options.size();
            options.add(template(value, join(name, labels.get(place)), axis, place));
        }
        return new Template.Options(axis, options);
    }

    private Axis axis(String name, Distribution distribution, Axis parent, int option) {
        Axis axis = new Axis(name, axes.size(), distribution, parent, option);
        axes.add(axis);
        return axis;
    }

    /** An option is called what it is written as; a section by its type and what else it fixes, a list by its
     * place; a name that is taken gets a number. */
    private static List<String> labels(ConfigList list) {
        List<String> labels = new ArrayList<>();
        for (ConfigValue value : list) {
            String label =
                    switch (value.valueType()) {
                        case OBJECT -> named((ConfigObject) value, labels.size());
                        case LIST -> "option" + labels.size();
                        default -> String.valueOf(value.unwrapped());
                    };
            labels.add(labels.contains(label) ? label + "#" + labels.size() : label);
        }
        return labels;
    }

    private static String named(ConfigObject object, int place) {
        ConfigValue type = object.get("type");
        String rest = new TreeMap<>(object)
                .entrySet().stream()
                        .filter(e -> !e.getKey().equals("type") && isScalar(e.getValue()))
                        .map(e -> e.getKey() + "=" + e.getValue().unwrapped())
                        .collect(Collectors.joining(", ", "(", ")"));
        String name = type == null ? "option" + place : String.valueOf(type.unwrapped());
        return rest.equals("()") ? name : name + rest;
    }

    private static boolean isScalar(ConfigValue value) {
        return !(value instanceof ConfigObject) && !(value instanceof ConfigList);
    }

    /** The key that makes a section an axis, or null. */
    private static String kind(ConfigObject object) {
        return object.keySet().stream()
                .filter(key -> key.equals(CHOICE) || NUMERIC.contains(key))
                .findFirst()
                .orElse(null);
    }

    private static String join(String prefix, String key) {
        return prefix.isEmpty() ? key : prefix + "." + key;
    }
}

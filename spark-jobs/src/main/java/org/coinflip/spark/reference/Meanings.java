package org.coinflip.spark.reference;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What keys are for, a sentence each, and the order in which sections are described. Of the lines of the file one that begins with {@code //} is a
 * comment, with {@code #} a part of the page ({@code # Title | introduction}); {@code a -> b} says that the section a is described as b; all others are
 * {@code key = sentence}, or {@code key = sentence | default} where the default is another setting's to say and not a value.
 *
 * <p>A sentence of {@code network.layers[].law{binomial}.trials} is for that type; one of {@code network.layers[].law.trials} for all that have none of their own.
 */
final class Meanings {
    /**
     * A part of the page.
     *
     * @param title its heading
     * @param introduction what comes below it
     * @param places the sections in it, in order
     */
    record Part(String title, String introduction, Set<String> places) {}

    private final Map<String, String> sentences = new LinkedHashMap<>();
    private final Map<String, String> defaults = new LinkedHashMap<>();
    private final Map<String, String> elsewhere = new LinkedHashMap<>();
    private final List<String> order = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private final Set<String> used = new LinkedHashSet<>();

    private Meanings() {}

    /**
     * Reads the lines of the file.
     *
     * @throws IllegalArgumentException where a line is none of those
     */
    static Meanings of(List<String> lines) {
        Meanings meanings = new Meanings();
        for (String line : lines) {
            if (!line.isBlank() && !line.startsWith("//")) {
                meanings.add(line.strip());
            }
        }
        return meanings;
    }

    private void add(String line) {
        if (line.startsWith("# ")) {
            String[] words = line.substring(2).split("\\s*\\|\\s*", 2);
            parts.add(new Part(words[0], words.length > 1 ? words[1] : "", new LinkedHashSet<>()));
            return;
        }
        String[] alias = line.split(" -> ", 2);
        String[] sentence = line.split(" = ", 2);
        if (alias.length == 2 && sentence.length == 1) {
            elsewhere.put(alias[0], alias[1]);
            return;
        }
        if (sentence.length < 2 || parts.isEmpty()) {
            throw new IllegalArgumentException("got \"" + line + "\", expected key = sentence below a # Part");
        }
        String[] words = sentence[1].split(" \\| ", 2);
        if (sentences.put(sentence[0], words[0]) != null) {
            throw new IllegalArgumentException(sentence[0] + ": got two sentences, expected one");
        }
        if (words.length > 1) {
            defaults.put(sentence[0], words[1]);
        }
        order.add(sentence[0]);
        place(sentence[0])
                .filter(place -> parts.stream().noneMatch(part -> part.places().contains(place)))
                .ifPresent(parts.get(parts.size() - 1).places()::add);
    }

    /** The place of the section of a key; empty for a variant of a section. */
    private static Optional<String> place(String key) {
        if (key.endsWith("}")) {
            return Optional.empty();
        }
        String section = key.substring(0, Math.max(0, key.lastIndexOf('.')));
        return Optional.of(section.replaceAll("\\{.*", ""));
    }

    Places places() {
        return new Places(elsewhere);
    }

    List<Part> parts() {
        return Collections.unmodifiableList(parts);
    }

    /** The place of a key's sentence among all. */
    int order(SectionName section, String key) {
        int own = order.indexOf(section.path(key));
        return own < 0 ? order.indexOf(section.whole().path(key)) : own;
    }

    /** What a key is for; empty where no one has said it. */
    Optional<String> of(SectionName section, String key) {
        return find(section.path(key)).or(() -> find(section.whole().path(key)));
    }

    /** What a key's default is, in words; empty where it is a value. */
    Optional<String> byDefault(SectionName section, String key) {
        String path = section.path(key);
        return Optional.ofNullable(defaults.get(
                sentences.containsKey(path) ? path : section.whole().path(key)));
    }

    /** What a section is for; empty where no one has said it. */
    Optional<String> of(SectionName section) {
        return section.variant().isEmpty() ? find(section.place().replaceFirst("\\[]$", "")) : find(section.toString());
    }

    private Optional<String> find(String key) {
        String sentence = sentences.get(key);
        if (sentence != null) {
            used.add(key);
        }
        return Optional.ofNullable(sentence);
    }

    /** The keys of sentences that no one has asked for. */
    Set<String> unused() {
        Set<String> unused = new LinkedHashSet<>(sentences.keySet());
        unused.removeAll(used);
        return unused;
    }
}

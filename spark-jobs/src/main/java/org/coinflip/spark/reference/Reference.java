package org.coinflip.spark.reference;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.coinflip.model.error.UsageException;

/**
 * All keys of experiment files. Types, ranges and defaults are heard from the code that reads the keys; a sentence for each is in
 * {@code meanings.txt}, and what jobs read to be heard in {@code samples.conf}, both beside this class.
 */
public final class Reference {
    private final Catalogue catalogue;
    private final Meanings meanings;

    private Reference(Catalogue catalogue, Meanings meanings) {
        this.catalogue = catalogue;
        this.meanings = meanings;
    }

    /** Has all jobs read their samples. */
    public static Reference gather() {
        return of(resource("samples.conf"), List.of(resource("meanings.txt").split("\n")));
    }

    /**
     * Has all jobs read some samples.
     *
     * @param samples in HOCON, for each job a list of settings
     * @param meanings the lines of a file of meanings
     */
    static Reference of(String samples, List<String> meanings) {
        Meanings read = Meanings.of(meanings);
        return new Reference(
                Exploration.explore(ConfigFactory.parseString(samples).resolve(), read.places()), read);
    }

    private static String resource(String name) {
        try (InputStream in = Reference.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The page {@code docs/reference.md}. */
    public String page() {
        return new ReferencePage(catalogue, meanings).write();
    }

    /**
     * What {@code --help KEY} prints.
     *
     * @param job whose help it is, such as {@code train}
     * @param key a dotted key or a section; list places, brackets and braces may be left out
     * @throws UsageException where there is no such key
     */
    public String help(String job, String key) {
        return new KeyHelp(catalogue, meanings, job).of(key);
    }

    /**
     * What keeps the page from being whole, a line each: keys without a sentence, sentences without a key, keys whose type no sample makes known, types
     * that no sample has. Empty where it is whole.
     */
    public List<String> gaps() {
        List<String> gaps = new ArrayList<>();
        Set<String> described = new LinkedHashSet<>();
        meanings.parts().forEach(part -> described.addAll(part.places()));
        for (SectionName section : catalogue.sections()) {
            meanings.of(section);
            meanings.of(section.whole());
            if (!described.contains(section.place())) {
                gaps.add(section.place()
                        + ": no sentence for any of its keys: add them to meanings.txt, or a line SECTION ->"
                        + " WHERE IT IS DESCRIBED");
            }
            catalogue.keys(section).forEach((key, entry) -> {
                String path = section.path(key);
                if (!entry.isTyped()) {
                    gaps.add(path
                            + ": it is asked whether it is there, and never read: add a sample to samples.conf that"
                            + " writes it");
                }
                if (meanings.of(section, key).isEmpty()) {
                    gaps.add(path + ": no sentence: add a line to meanings.txt: " + path + " = …");
                }
                if (key.equals("type") || key.equals("source")) {
                    entry.names().stream()
                            .map(name -> new SectionName(section.place(), name))
                            .filter(variant -> !catalogue.isWhole(variant))
                            .map(variant ->
                                    variant + ": no sample is read to its end: add one to samples.conf that writes"
                                            + " all that it requires")
                            .filter(gap -> !gaps.contains(gap))
                            .forEach(gaps::add);
                }
            });
        }
        meanings.unused().forEach(key -> gaps.add(key + ": a sentence without a key: remove it from meanings.txt"));
        return gaps;
    }
}

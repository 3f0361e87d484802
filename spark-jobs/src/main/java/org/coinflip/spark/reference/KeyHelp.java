package org.coinflip.spark.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.Section;

/** What is known of a key or a section, in plain text. */
final class KeyHelp {
    private final Catalogue catalogue;
    private final Meanings meanings;
    private final String job;

    /** @param job whose keys these are */
    KeyHelp(Catalogue catalogue, Meanings meanings, String job) {
        this.catalogue = catalogue;
        this.meanings = meanings;
        this.job = job;
    }

    /**
     * The text, without an end of line.
     *
     * @throws UsageException where the job has no such key
     */
    String of(String asked) {
        String key = plain(asked.replaceAll("\\[\\d*]", ""));
        Map<String, String> elsewhere = new LinkedHashMap<>();
        meanings.places().elsewhere().forEach((from, to) -> elsewhere.put(plain(from), plain(to)));
        return find(key)
                .or(() -> find(new Places(elsewhere).described(key)))
                .orElseThrow(() -> new UsageException("--help: got " + asked + ", expected a key or a section of " + job
                        + ".sh" + suggestion(key) + "; docs/reference.md has all"));
    }

    private Optional<String> find(String key) {
        Map<Line, Set<String>> found = new LinkedHashMap<>();
        for (SectionName section : sections()) {
            List<String> places = paths(section);
            catalogue.keys(section).forEach((name, entry) -> {
                List<String> paths = paths(section, name);
                if (paths.contains(key) || places.contains(key)) {
                    found.computeIfAbsent(line(section, name, entry), any -> new LinkedHashSet<>())
                            .add(section.variant());
                }
            });
        }
        return found.entrySet().stream()
                .map(entry -> entry.getKey().write(entry.getValue()))
                .reduce((text, line) -> text + "\n" + line);
    }

    /** What is known of a key, of all variants that have it alike. */
    private record Line(String place, String key, String value, String meaning) {
        String write(Set<String> variants) {
            String path = place.isEmpty() ? key : place + "." + key;
            boolean any = place.isEmpty() || key.equals("type") || key.equals("source") || variants.contains("");
            return (path + (any ? "" : " (" + String.join(", ", variants) + ")") + ": " + value + "\n    " + meaning)
                    .replace("`", "")
                    .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1");
        }
    }

    /** Those of the job; the file of a sweep or a league has those of its trials, too. */
    private List<SectionName> sections() {
        List<SectionName> sections = new ArrayList<>();
        for (SectionName section : catalogue.sections()) {
            boolean own = section.place().isEmpty()
                    ? section.variant().equals(job)
                    : catalogue.jobs(section).stream()
                            .anyMatch(any -> any.jobName().equals(job));
            boolean ofTrials = Stream.of(JobSettings.SWEEP, JobSettings.LEAGUE)
                            .anyMatch(any -> any.jobName().equals(job))
                    && catalogue.jobs(section).contains(JobSettings.TRAIN);
            if (own || ofTrials) {
                sections.add(section);
            }
        }
        return sections;
    }

    private List<String> paths(SectionName section) {
        String place = plain(section.place());
        if (place.isEmpty()) {
            return List.of();
        }
        return section.variant().isEmpty() ? List.of(place) : List.of(place, place + "." + section.variant());
    }

    private List<String> paths(SectionName section, String key) {
        return section.place().isEmpty()
                ? List.of(key)
                : paths(section).stream().map(path -> path + "." + key).toList();
    }

    /** Without brackets, braces and the numbers of lists' elements. */
    private static String plain(String path) {
        return path.replace("[]", "")
                .replaceAll("\\.\\d+(?=\\.|$)", "")
                .replace('{', '.')
                .replace("}", "");
    }

    private Line line(SectionName section, String key, KeyEntry entry) {
        String byDefault = meanings.byDefault(section, key).orElseGet(entry::byDefault);
        String value = entry.value()
                + (byDefault.isEmpty() ? "" : byDefault.equals("required") ? "; required" : "; default " + byDefault);
        return new Line(section.place(), key, value, meanings.of(section, key).orElse(""));
    }

    /** A key that ends as what was asked for, else the nearest of all. */
    private String suggestion(String asked) {
        Set<String> known = new LinkedHashSet<>();
        for (SectionName section : sections()) {
            known.addAll(paths(section));
            catalogue.keys(section).keySet().forEach(key -> known.addAll(paths(section, key)));
        }
        return known.stream()
                .filter(path -> path.endsWith("." + asked))
                .findFirst()
                .map(path -> "; did you mean " + path + "?")
                .orElseGet(() -> Section.suggestion(asked, List.copyOf(known)));
    }
}

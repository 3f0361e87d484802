package org.coinflip.spark.reference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The page of all keys: parts, sections in them, a table of keys each, what differs by type apart. Keys are in the order of their sentences. */
final class ReferencePage {
    /** Types with no more keys of their own share a table. */
    private static final int FEW_KEYS = 7;

    /** What so many types have alike is not repeated for each. */
    private static final int MANY_TYPES = 3;

    private static final String BEGINNING =
            """
            # Reference: every key of an experiment file

            <!-- Written by ReferenceTest from the code that reads the keys: do not change by hand. What keys are for is in
                 spark-jobs/src/main/resources/org/coinflip/spark/reference/meanings.txt, a line each. After a change:
                 mvn -pl spark-jobs -am test -Dtest=ReferenceTest -Dcoinflip.write-docs=true -Dsurefire.failIfNoSpecifiedTests=false -->

            Types, ranges and defaults are those of the code that reads the keys. `train.sh --help KEY` prints a key or a section, and so do the other jobs. A key without a
            default may be left out, unless it says *required*; unknown keys are refused with the nearest known one. Ranges have their ends as `[a, b]`, lack them as `(a, b)`; `layers[]` is an
            element of a list; `law = bernoulli` is short for `law { type = bernoulli }`.

            """;

    private final Catalogue catalogue;
    private final Meanings meanings;
    private final StringBuilder page = new StringBuilder(BEGINNING);

    /** A row of a table. */
    private record Row(String key, String value, String byDefault, String meaning) {
        String write() {
            return "| `" + key + "` | " + cell(value) + " | " + cell(byDefault) + " | " + cell(meaning) + " |\n";
        }

        private static String cell(String text) {
            return text.replace("|", "\\|");
        }
    }

    ReferencePage(Catalogue catalogue, Meanings meanings) {
        this.catalogue = catalogue;
        this.meanings = meanings;
    }

    String write() {
        page.append(meanings.parts().stream()
                        .map(part -> "[" + part.title() + "](#" + anchor(part.title()) + ")")
                        .collect(Collectors.joining(" · ")))
                .append('\n');
        for (Meanings.Part part : meanings.parts()) {
            page.append("\n## ").append(part.title()).append('\n');
            if (!part.introduction().isEmpty()) {
                page.append(part.introduction()).append('\n');
            }
            part.places().forEach(this::section);
        }
        return page.toString();
    }

    private static String anchor(String title) {
        return title.toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    private void section(String place) {
        Map<SectionName, List<Row>> rows = new LinkedHashMap<>();
        catalogue.variants(place).forEach(variant -> rows.put(variant, rows(variant)));
        if (rows.isEmpty()) {
            return;
        }
        if (place.isEmpty()) {
            shared("job", variants(rows));
            return;
        }
        page.append("\n### `").append(place).append("`\n");
        meanings.of(new SectionName(place, ""))
                .ifPresent(sentence -> page.append(capital(sentence)).append(".\n"));
        Set<Row> common = new LinkedHashSet<>(rows.values().iterator().next());
        rows.values().forEach(common::retainAll);
        if (!common.isEmpty()) {
            table(common);
        }
        rows.values().forEach(own -> own.removeAll(common));
        boolean few = rows.values().stream().allMatch(own -> own.size() <= FEW_KEYS);
        Map<Row, List<SectionName>> alike = variants(rows);
        if (!few) {
            alike.values().removeIf(sections -> sections.size() < MANY_TYPES);
        }
        if (!alike.isEmpty()) {
            shared("type", alike);
        }
        if (!few) {
            rows.forEach((section, own) -> {
                own.removeAll(alike.keySet());
                apart(section, own);
            });
        }
    }

    private List<Row> rows(SectionName section) {
        List<Row> rows = new ArrayList<>();
        catalogue.keys(section).entrySet().stream()
                .sorted(Comparator.comparing(entry -> meanings.order(section, entry.getKey())))
                .forEach(entry -> rows.add(new Row(
                        entry.getKey(),
                        entry.getValue().value(),
                        meanings.byDefault(section, entry.getKey()).orElseGet(entry.getValue()::byDefault),
                        meanings.of(section, entry.getKey()).orElse(""))));
        return rows;
    }

    /** The variants that have a row, for each row, rows of one key together. */
    private Map<Row, List<SectionName>> variants(Map<SectionName, List<Row>> rows) {
        Map<Row, List<SectionName>> variants = new LinkedHashMap<>();
        rows.forEach((section, own) -> own.forEach(
                row -> variants.computeIfAbsent(row, any -> new ArrayList<>()).add(section)));
        Map<Row, List<SectionName>> sorted = new LinkedHashMap<>();
        variants.entrySet().stream()
                .sorted(Comparator.comparing(entry -> meanings.order(
                        entry.getValue().get(0).whole(), entry.getKey().key())))
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }

    private void table(Iterable<Row> rows) {
        page.append("\n| key | value | default | |\n|---|---|---|---|\n");
        rows.forEach(row -> page.append(row.write()));
    }

    private void shared(String head, Map<Row, List<SectionName>> variants) {
        page.append("\n| ").append(head).append(" | key | value | default | |\n|---|---|---|---|---|\n");
        variants.forEach((row, sections) -> page.append("| ")
                .append(sections.stream()
                        .map(section -> section.variant().isEmpty() ? "others" : "`" + section.variant() + "`")
                        .collect(Collectors.joining(", ")))
                .append(' ')
                .append(row.write()));
    }

    private void apart(SectionName section, List<Row> own) {
        if (section.variant().isEmpty()) {
            page.append("\n**others**");
        } else {
            page.append("\n**`").append(section.variant()).append("`**");
            meanings.of(section).ifPresent(sentence -> page.append(": ").append(sentence));
        }
        page.append(".\n");
        if (!own.isEmpty()) {
            table(own);
        }
    }

    private static String capital(String sentence) {
        return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
    }
}

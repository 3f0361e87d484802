package org.coinflip.spark.reference;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.coinflip.model.settings.Declaration;

/** All sections and keys that were heard, in the order in which they were. */
final class Catalogue {
    private final Places places;
    private final Map<String, SectionName> names = new HashMap<>();
    private final Map<SectionName, Map<String, KeyEntry>> sections = new LinkedHashMap<>();
    private final Map<String, KeyEntry> deciding = new LinkedHashMap<>();
    private final Map<String, Set<JobSettings>> jobs = new LinkedHashMap<>();
    private final Set<SectionName> finished = new HashSet<>();

    Catalogue(Places places) {
        this.places = places;
    }

    /** Where a section of a reading belongs. */
    SectionName name(Reading reading, String section) {
        String variant = reading.variant(section);
        String qualified = reading.qualified(section);
        return names.computeIfAbsent(qualified + "{" + variant, any -> places.name(qualified, variant));
    }

    /** Takes up what was heard. */
    void add(Reading reading) {
        for (Declaration declaration : reading.declarations()) {
            if (reading.isUndecided(declaration.section())) {
                continue;
            }
            SectionName name = name(reading, declaration.section());
            KeyEntry entry = sections.computeIfAbsent(name, any -> new LinkedHashMap<>())
                    .computeIfAbsent(declaration.key(), key -> entry(declaration, name));
            entry.add(declaration);
            jobs.computeIfAbsent(name.place(), any -> new TreeSet<>()).add(reading.job());
            if (reading.isFinished(declaration.section())) {
                finished.add(name);
                if (declaration.value().isEmpty()) {
                    entry.leftOut();
                }
            }
        }
    }

    /** Of the key that decides, all variants have the same entry. */
    private KeyEntry entry(Declaration declaration, SectionName name) {
        return Reading.decides(declaration)
                ? deciding.computeIfAbsent(name.whole().path(declaration.key()), any -> new KeyEntry())
                : new KeyEntry();
    }

    Set<SectionName> sections() {
        return Collections.unmodifiableSet(sections.keySet());
    }

    /** The keys of a section, by name; empty where there is no such section. */
    Map<String, KeyEntry> keys(SectionName section) {
        return Collections.unmodifiableMap(sections.getOrDefault(section, Map.of()));
    }

    /** The variants of a section, in the order in which they were heard. */
    List<SectionName> variants(String place) {
        List<SectionName> variants = new ArrayList<>();
        for (SectionName section : sections.keySet()) {
            if (section.place().equals(place)) {
                variants.add(section);
            }
        }
        return variants;
    }

    /** The jobs whose files may have a section. */
    Set<JobSettings> jobs(SectionName section) {
        return Collections.unmodifiableSet(jobs.getOrDefault(section.place(), Set.of()));
    }

    /** Whether all keys of a section are known: it was read to its end. */
    boolean isWhole(SectionName section) {
        return finished.contains(section);
    }
}

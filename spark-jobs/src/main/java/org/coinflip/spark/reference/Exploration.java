package org.coinflip.spark.reference;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.coinflip.model.settings.Declaration;
import org.coinflip.model.settings.ValueKind;

/**
 * Varies sample files, a key at a time, until nothing new is heard: every name that a key may have, both values of a flag, every key left out. What
 * is behind a key that must be written, a sample has to write.
 */
final class Exploration {
    /** As often is a change tried, in different files, until one of them is taken. */
    private static final int MOST_TRIES = 3;

    private final Catalogue catalogue;
    private final Deque<Reading> open = new ArrayDeque<>();
    private final Set<String> heard = new HashSet<>();
    private final Set<String> taken = new HashSet<>();
    private final Map<String, Integer> tries = new HashMap<>();

    private Exploration(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * Hears all that there is.
     *
     * @param samples for each job a list of settings
     */
    static Catalogue explore(Config samples, Places places) {
        Exploration exploration = new Exploration(new Catalogue(places));
        for (JobSettings job : JobSettings.values()) {
            for (ConfigObject sample : of(job, samples)) {
                Reading reading = Reading.of(job, new WrittenTree(sample.unwrapped()));
                exploration.catalogue.add(reading);
                exploration.open.add(reading);
            }
        }
        while (!exploration.open.isEmpty()) {
            exploration.vary(exploration.open.remove());
        }

        return exploration.catalogue;
    }

    private static List<? extends ConfigObject> of(JobSettings job, Config samples) {
        return samples.hasPath(job.jobName()) ? samples.getObjectList(job.jobName()) : List.of();
    }

    private void vary(Reading reading) {
        for (Declaration declaration : List.copyOf(reading.declarations())) {
            for (Object value : others(declaration)) {
                attempt(reading, declaration, value);
            }
            if (declaration.value().isPresent()) {
                attempt(reading, declaration, null);
            }
        }
    }

    private static List<Object> others(Declaration declaration) {
        List<Object> others = new ArrayList<>();
        if (declaration.kind() == ValueKind.NAME) {
            others.addAll(declaration.names());
        } else if (declaration.kind() == ValueKind.FLAG) {
            others.addAll(List.of("true", "false"));
        }
        declaration.value().map(String::valueOf).or(declaration::byDefault).ifPresent(others::remove);
        return others;
    }

    private void attempt(Reading reading, Declaration declaration, Object value) {
        String section = declaration.section();
        String change = catalogue.name(reading, section).path(declaration.key()) + "=" + value;
        if (taken.contains(change) || tries.merge(change, 1, Integer::sum) > MOST_TRIES) {
            return;
        }
        Reading varied = Reading.of(reading.job(), reading.settings().with(section, declaration.key(), value));
        if (Reading.decides(declaration) && value != null && !varied.isFinished(section)) {
            catalogue.add(varied);
            varied = Reading.of(reading.job(), reading.settings().withOnly(section, declaration.key(), value));
        }
        catalogue.add(varied);
        if (varied.isFinished(section)) {
            taken.add(change);
        }
        if (isNew(varied)) {
            open.add(varied);
        }
    }

    private boolean isNew(Reading reading) {
        boolean isNew = false;
        for (Declaration declaration : reading.declarations()) {
            isNew |= heard.add(catalogue.name(reading, declaration.section()).path(declaration.key()));
        }
        return isNew;
    }
}

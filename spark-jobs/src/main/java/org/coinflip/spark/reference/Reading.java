package org.coinflip.spark.reference;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.settings.Declaration;
import org.coinflip.model.settings.DeclarationObserver;
import org.coinflip.model.settings.ValueKind;

/** What was heard while a job read some settings, whether it took them or refused them at some place. */
final class Reading implements DeclarationObserver {
    /** Keys whose value says which other keys a section has. */
    private static final Set<String> DECIDING = Set.of("type", "source");

    private final JobSettings job;
    private final WrittenTree settings;
    private final List<Declaration> declarations = new ArrayList<>();
    private final Set<String> finished = new HashSet<>();
    private final Map<String, String> variants = new HashMap<>();
    private final Set<String> undecided = new HashSet<>();

    private Reading(JobSettings job, WrittenTree settings) {
        this.job = job;
        this.settings = settings;
    }

    /** Has a job read some settings. */
    static Reading of(JobSettings job, WrittenTree settings) {
        Reading reading = new Reading(job, settings);
        try {
            Config config = ConfigFactory.parseMap(settings.root());
            job.read(config, reading);
        } catch (CoinflipException | ConfigException refused) {
            // what was declared up to there is declared all the same
        }
        return reading;
    }

    @Override
    public void declared(Declaration declaration) {
        declarations.add(declaration);
        if (decides(declaration)) {
            String value = declaration
                    .value()
                    .map(String::valueOf)
                    .or(declaration::byDefault)
                    .orElse("");
            if (declaration.names().contains(value)) {
                variants.put(declaration.section(), value);
            } else {
                undecided.add(declaration.section());
            }
        }
    }

    @Override
    public void finished(String section) {
        finished.add(section);
    }

    /** Whether a key's names are variants of its section. */
    static boolean decides(Declaration declaration) {
        return declaration.kind() == ValueKind.NAME && DECIDING.contains(declaration.key());
    }

    JobSettings job() {
        return job;
    }

    WrittenTree settings() {
        return settings;
    }

    List<Declaration> declarations() {
        return declarations;
    }

    /** Whether all keys of a section were read. */
    boolean isFinished(String section) {
        return finished.contains(section);
    }

    /** A section's path with the variants of the sections around it. */
    String qualified(String section) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < section.length(); i++) {
            if (section.charAt(i) == '.') {
                String around = variants.getOrDefault(section.substring(0, i), "");
                path.append(around.isEmpty() ? "" : "{" + around + "}");
            }
            path.append(section.charAt(i));
        }
        return path.toString();
    }

    /** Whether nothing says of which variant a section is, though it has some. */
    boolean isUndecided(String section) {
        return undecided.contains(section);
    }

    /** The variant that a section is of; empty where it has none. */
    String variant(String section) {
        return section.isEmpty() ? job.jobName() : variants.getOrDefault(section, "");
    }
}

package org.coinflip.model.reward;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.coinflip.model.settings.Section;

/** The environments by the names that experiment files use. */
public final class Environments {
    /** The most steps of an episode that can be asked for. */
    static final int MOST_STEPS = 100_000;

    private static final Map<String, Function<Section, Environment>> READERS = new TreeMap<>(
            Map.of(Bandit.TYPE, Bandit::read, CartPole.TYPE, CartPole::read, GridWorld.TYPE, GridWorld::read));

    private Environments() {}

    /** Reads an environment from its section, whose {@code type} names it. */
    public static Environment read(Section section) {
        Environment environment =
                READERS.get(section.named("type", "an environment", names())).apply(section);
        section.finish();
        return environment;
    }

    public static List<String> names() {
        return List.copyOf(READERS.keySet());
    }
}

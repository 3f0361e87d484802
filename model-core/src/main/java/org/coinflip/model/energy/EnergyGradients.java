package org.coinflip.model.energy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.coinflip.model.settings.Section;

/** The gradients by the names that experiment files use. */
public final class EnergyGradients {
    private static final Map<String, Function<Section, EnergyGradient>> READERS = new TreeMap<>(Map.of(
            EquilibriumPropagation.TYPE, EquilibriumPropagation::read,
            ContrastiveHebbian.TYPE, ContrastiveHebbian::read,
            RecurrentBackPropagation.TYPE, RecurrentBackPropagation::read,
            SpikeTiming.TYPE, SpikeTiming::read));

    private EnergyGradients() {}

    public static EnergyGradient read(Section section) {
        String type = section.text("type");
        Function<Section, EnergyGradient> reader = READERS.get(type);
        if (reader == null) {
            throw section.wrong(
                    "type",
                    "a gradient, one of " + String.join(", ", READERS.keySet())
                            + Section.suggestion(type, List.copyOf(READERS.keySet())));
        }
        EnergyGradient gradient = reader.apply(section);
        section.finish();
        return gradient;
    }
}

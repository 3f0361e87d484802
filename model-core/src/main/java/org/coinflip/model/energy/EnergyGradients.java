package org.coinflip.model.energy;

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
            SpikeTiming.TYPE, SpikeTiming::read,
            DualPropagation.TYPE, DualPropagation::read,
            PredictiveCoding.TYPE, PredictiveCoding::read));

    private EnergyGradients() {}

    public static EnergyGradient read(Section section) {
        EnergyGradient gradient = READERS.get(section.named("type", "a gradient", READERS.keySet()))
                .apply(section);
        section.finish();
        return gradient;
    }
}

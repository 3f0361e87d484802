package org.coinflip.model.unit;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.coinflip.model.settings.Section;

/** The unit laws by the names that experiment files use. */
public final class UnitLaws {
    private static final Map<String, Function<Section, UnitLaw>> READERS = new TreeMap<>(Map.ofEntries(
            Map.entry(Bernoulli.TYPE, section -> new Bernoulli()),
            Map.entry(Binomial.TYPE, Binomial::read),
            Map.entry(Categorical.TYPE, Categorical::read),
            Map.entry(CategoricalConcrete.TYPE, CategoricalConcrete::read),
            Map.entry(Concrete.TYPE, Concrete::read),
            Map.entry(Gaussian.TYPE, Gaussian::read),
            Map.entry(KOfN.TYPE, KOfN::read),
            Map.entry(NegativeBinomial.TYPE, NegativeBinomial::read),
            Map.entry(NoisyRectifier.TYPE, NoisyRectifier::read),
            Map.entry(NoisyTopK.TYPE, NoisyTopK::read),
            Map.entry(Nrelu.TYPE, section -> new Nrelu()),
            Map.entry(Poisson.TYPE, section -> new Poisson()),
            Map.entry(SemanticHashing.TYPE, SemanticHashing::read),
            Map.entry(StochasticTimesSmooth.TYPE, StochasticTimesSmooth::read)));

    private UnitLaws() {}

    /** Reads a law from its section, whose {@code type} names it. */
    public static UnitLaw read(Section section) {
        UnitLaw law = READERS.get(section.named("type", "a unit law", names())).apply(section);
        section.finish();
        return law;
    }

    public static List<String> names() {
        return List.copyOf(READERS.keySet());
    }
}

package org.coinflip.spark.study.estimators;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.registry.Estimators;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Bernoulli;
import org.coinflip.model.unit.UnitLaw;
import org.coinflip.model.unit.UnitLaws;
import org.coinflip.spark.experiment.Labels;

/**
 * An estimator under study, and the units that it is studied on.
 *
 * @param estimator what tables call it: its type and the keys that were written
 * @param law what tables call the units
 * @param reading the estimator
 * @param units the law
 */
record Subject(String estimator, String law, GradientEstimator reading, UnitLaw units) {

    /** All registered estimators with their defaults on every registered law that they suit. */
    static List<Subject> registered() {
        List<Subject> all = new ArrayList<>();
        for (String law : UnitLaws.names()) {
            UnitLaw units = UnitLaws.read(byType(law));
            for (String name : Estimators.names()) {
                GradientEstimator estimator = Estimators.read(byType(name));
                if (estimator.suits(units)) {
                    all.add(new Subject(name, law, estimator, units));
                }
            }
        }
        return all;
    }

    /** Reads an entry {@code { estimator = …, law = … }}. */
    static Subject read(Section section) {
        Section law = section.typed("law", Bernoulli.TYPE);
        UnitLaw units = UnitLaws.read(law);
        Section chosen = section.typed("estimator", null);
        GradientEstimator estimator = Estimators.read(chosen);
        if (!estimator.suits(units)) {
            throw section.wrong(
                    "estimator",
                    "an estimator for " + units.write().get("type") + " units: this one is for " + estimator.serves());
        }
        section.finish();
        return new Subject(Labels.of(chosen), Labels.of(law), estimator, units);
    }

    /** Those of both lists, each once. */
    static List<Subject> union(List<Subject> some, List<Subject> more) {
        Set<Subject> all = new LinkedHashSet<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }

    private static Section byType(String type) {
        return Section.root(ConfigFactory.parseMap(Map.of("type", type)));
    }

    /** Whether a layer of so many columns can be made of these units with this estimator. */
    boolean fits(int columns) {
        return columns % units.columnsPerUnit() == 0 && columns <= reading.mostUnits(units);
    }

    /** What tables call it where a law other than Bernoulli has to be told. */
    String label() {
        return law.equals(Bernoulli.TYPE) ? estimator : estimator + " on " + law;
    }

    Map<String, Object> write() {
        return Map.of("estimator", reading.write(), "law", units.write());
    }
}

package org.coinflip.dl4j;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import java.util.List;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.registry.Auto;
import org.coinflip.model.estimator.registry.Estimators;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Gaussian;

/**
 * The keys of a stochastic layer as text, the form in which they stand in a DL4J configuration.
 *
 * @param law HOCON of the unit law
 * @param estimator HOCON of the estimator; null for the law's default
 * @param evaluation what units give outside training
 */
record UnitsText(String law, String estimator, String evaluation) {
    private enum Evaluation {
        MEANS,
        SAMPLES,
        THRESHOLDS
    }

    /** The text of units in force, every default written out. */
    static UnitsText of(StochasticLayer units, String evaluation) {
        return new UnitsText(
                render(units.law().write()), render(units.estimator().write()), evaluation);
    }

    /**
     * Reads and checks it all.
     *
     * @param units of the layer
     */
    StochasticLayer read(int units) {
        mode(evaluation);
        StochasticLayer layer = StochasticLayer.read(Section.root(config(units)));
        if (layer.law() instanceof Gaussian) {
            throw new UsageException("law: got " + Gaussian.TYPE
                    + ", whose deviations are parameters that a layer of DL4J has no place for, expected another");
        }
        if (!isServed(layer.estimator(), units)) {
            throw new UsageException("estimator: got "
                    + layer.estimator().write().get("type") + ", which " + why(layer.estimator())
                    + ", expected one that DL4J's backward pass can serve: " + String.join(", ", served(layer)));
        }
        return layer;
    }

    /** The mode that a text names. */
    static Mode mode(String evaluation) {
        Config config = ConfigFactory.parseMap(Map.of("evaluation", evaluation));
        return Mode.valueOf(
                Section.root(config).choice("evaluation", Evaluation.MEANS).name());
    }

    private Config config(int units) {
        try {
            String text =
                    "units = " + units + ", law = " + law + (estimator == null ? "" : ", estimator = " + estimator);
            return ConfigFactory.parseString(text).resolve();
        } catch (ConfigException e) {
            throw new UsageException(
                    "law, estimator: got " + law + ", " + estimator
                            + ", expected them as in experiment files, such as { type = reinforce, baseline = none }",
                    e);
        }
    }

    private static boolean isServed(GradientEstimator estimator, int units) {
        return estimator.probes(units) == 0 && !estimator.combinesSamples() && !(estimator instanceof Auto);
    }

    private static String why(GradientEstimator estimator) {
        if (estimator instanceof Auto) {
            return "is chosen by steps of this project's own engine";
        }
        return estimator.combinesSamples()
                ? "weighs its samples before the layers above go backward"
                : "evaluates the layers above again";
    }

    /** The estimators that can take the place of a layer's. */
    private static List<String> served(StochasticLayer layer) {
        return Estimators.names().stream()
                .filter(name -> {
                    GradientEstimator estimator =
                            Estimators.read(Section.root(ConfigFactory.parseMap(Map.of("type", name))));
                    return estimator.suits(layer.law()) && isServed(estimator, layer.units());
                })
                .toList();
    }

    private static String render(Map<String, Object> keys) {
        return ConfigFactory.parseMap(keys).root().render(ConfigRenderOptions.concise());
    }
}

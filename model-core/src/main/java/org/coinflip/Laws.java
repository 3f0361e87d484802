package org.coinflip;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.UnitLaw;
import org.coinflip.model.unit.UnitLaws;

/** Unit laws with the defaults of experiment files. The records in {@link org.coinflip.model.unit} have every parameter. */
public final class Laws {
    private Laws() {}

    /** h = 1 with probability σ(a). */
    public static UnitLaw bernoulli() {
        return of("bernoulli");
    }

    /** One of k categories, softmax(a). */
    public static UnitLaw categorical(int categories) {
        return of("categorical", Map.of("categories", categories));
    }

    /** Bits relaxed to (0, 1). */
    public static UnitLaw concrete(double temperature) {
        return of("concrete", Map.of("temperature", temperature));
    }

    /** Categories relaxed to the simplex. */
    public static UnitLaw categoricalConcrete(int categories, double temperature) {
        return of("categorical-concrete", Map.of("categories", categories, "temperature", temperature));
    }

    /** A bit times a smooth function. */
    public static UnitLaw stochasticTimesSmooth() {
        return of("stochastic-times-smooth");
    }

    /** Gates of which the k greatest of n noisy logits are open, a softmax of these. */
    public static UnitLaw noisyTopK(int n, int k, double standardDeviation) {
        return of("noisy-top-k", Map.of("n", n, "k", k, "std", standardDeviation));
    }

    /** A rectifier with logistic noise on its input. */
    public static UnitLaw noisyRectifier() {
        return of("noisy-rectifier");
    }

    /** A rectifier whose noise grows with its input. */
    public static UnitLaw nrelu() {
        return of("nrelu");
    }

    /** The logit and Gaussian noise, whose deviation is learned, from a first one on. */
    public static UnitLaw gaussian(double standardDeviation) {
        return of("gaussian", Map.of("std", standardDeviation));
    }

    /** A sigmoid with Gaussian noise on its input, a bit in use. */
    public static UnitLaw semanticHashing(double standardDeviation) {
        return of("semantic-hashing", Map.of("std", standardDeviation));
    }

    /** Any law by the name that experiment files use, with its defaults. */
    public static UnitLaw of(String type) {
        return of(type, Map.of());
    }

    private static UnitLaw of(String type, Map<String, Object> keys) {
        return UnitLaws.read(
                Section.root(ConfigFactory.parseMap(keys).withFallback(ConfigFactory.parseMap(Map.of("type", type)))));
    }
}

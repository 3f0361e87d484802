package org.coinflip.spark.experiment;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * The {@code averaging.outer} section: what is done with the averaged step of a round, by executors each on its slice of the state. Momentum 0 with learning rate 1 is plain
 * averaging, to the bit.
 *
 * @param kind none, momentum or Nesterov's
 * @param learningRate η, factor on the step
 * @param momentum μ in [0, 1)
 */
public record OuterSpec(Kind kind, double learningRate, double momentum) implements Serializable {
    /** The mean as it is. */
    public static final OuterSpec NONE = new OuterSpec(Kind.NONE, 1, 0);

    /** How steps of rounds follow each other. */
    public enum Kind {
        NONE,
        /** v ← μ v + Δ, x ← x + η v. */
        MOMENTUM,
        /** v ← μ v + Δ, x ← x + η (μ v + Δ). */
        NESTEROV
    }

    static OuterSpec read(Section section) {
        Kind kind = section.choice("type", Kind.NONE);
        OuterSpec spec = kind == Kind.NONE
                ? NONE
                : new OuterSpec(
                        kind,
                        section.number("learning-rate", 1, Range.POSITIVE),
                        section.number("momentum", 0.5, Range.BELOW_ONE));
        section.finish();
        return spec;
    }

    /** Whether something is kept from round to round. */
    public boolean hasMemory() {
        return momentum > 0;
    }

    Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", Section.name(kind));
        if (kind != Kind.NONE) {
            keys.put("learning-rate", learningRate);
            keys.put("momentum", momentum);
        }
        return keys;
    }
}

package org.coinflip.model.layer.stochastic;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * A floor on firing rates, against dead units, which never fire and so never learn: a step at which the running mean of a unit's rate, {@code m ← κ m + (1−κ) · r} with r the fraction
 * of rows for which it is not zero, is below the floor adds a constant to the unit's bias. m is a statistic, and so averaged over workers.
 *
 * <p>Bengio, Léonard, Courville (2013), arXiv 1308.3432, section 2.1.
 *
 * @param least the floor, in (0, 1)
 * @param push what is added to the bias at a step
 * @param memory κ, in [0, 1)
 */
public record RateFloor(double least, double push, double memory) {
    /** Name of the statistic that holds m. */
    static final String RATES = "rates";

    public static RateFloor read(Section section) {
        RateFloor floor = new RateFloor(
                section.number("least", 0.01, Range.FRACTION),
                section.number("push", 0.01, Range.POSITIVE),
                section.number("memory", 0.99, Range.BELOW_ONE));
        section.finish();
        return floor;
    }

    Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("least", least);
        keys.put("push", push);
        keys.put("memory", memory);
        return keys;
    }
}

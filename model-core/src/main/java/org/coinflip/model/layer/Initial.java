package org.coinflip.model.layer;

import java.util.Map;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * How a layer's parameters start and how fast they learn. Weights are uniform on ± {@code scale} √(6 / (inputs + units)) (Glorot and
 * Bengio 2010).
 *
 * @param scale factor on the weights' bound
 * @param bias the biases
 * @param rateScale factor on the learning rate
 */
public record Initial(double scale, double bias, double rateScale) {
    /** Glorot's weights, zero biases, the common learning rate. */
    public static final Initial DEFAULT = new Initial(1, 0, 1);

    public static Initial read(Section section) {
        return read(section, 0);
    }

    /** The same where biases start elsewhere unless they are given. */
    public static Initial read(Section section, double bias) {
        return new Initial(
                section.number("initial-scale", 1, Range.POSITIVE),
                section.number("initial-bias", bias, Range.FINITE),
                section.number("learning-rate-scale", 1, Range.NOT_NEGATIVE));
    }

    /** Half-width of the uniform initial weights, given the sum of their numbers of inputs and units. */
    public double bound(double inputsAndUnits) {
        return scale * Math.sqrt(6.0 / inputsAndUnits);
    }

    public void write(Map<String, Object> keys) {
        keys.put("initial-scale", scale);
        keys.put("initial-bias", bias);
        keys.put("learning-rate-scale", rateScale);
    }
}

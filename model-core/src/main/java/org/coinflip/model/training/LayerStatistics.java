package org.coinflip.model.training;

import java.util.List;

/**
 * What a stochastic layer does on some examples.
 *
 * @param layer the layer's number
 * @param type how the experiment names the unit law
 * @param estimator how the experiment names the estimator
 * @param firingRates for each unit, the part of the samples that is not zero
 * @param gradientVariance variance over the noise of the estimate of ∂L/∂a for an example, as a mean over units and examples
 */
public record LayerStatistics(
        int layer, String type, String estimator, List<Double> firingRates, double gradientVariance) {
    /** The part of all units' samples that is not zero. */
    public double firingRate() {
        return firingRates.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }
}

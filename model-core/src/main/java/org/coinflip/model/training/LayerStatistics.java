package org.coinflip.model.training;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a stochastic layer does on some examples.
 *
 * @param layer the layer's number
 * @param type how the experiment names the unit law
 * @param estimator how the experiment names the estimator
 * @param firingRates for each unit, the part of the samples that is not zero; of relaxed bits, that is nearer to 1
 * @param gradientVariance variance over the noise of the estimate of ∂L/∂a for an example, as a mean over units and examples
 * @param signalToNoise {@code √(Σ (E g)² / Σ Var g)} over units and examples: the length of the mean estimate beside one draw's deviation
 * @param candidates scores of the estimators that it is {@linkplain org.coinflip.model.estimator.registry.Auto chosen} from, by their names; empty where it is
 *     fixed
 * @param cosine cosine between the mean estimate and the gradient, over units and examples; where an unbiased reference was asked for
 */
public record LayerStatistics(
        int layer,
        String type,
        String estimator,
        Map<String, Double> candidates,
        List<Double> firingRates,
        double gradientVariance,
        double signalToNoise,
        OptionalDouble cosine) {
    /** The part of all units' samples that is not zero. */
    public double firingRate() {
        return firingRates.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    /** Units that were never seen to fire. */
    public long deadUnits() {
        return firingRates.stream().filter(rate -> rate == 0).count();
    }

    /** Units that were always seen to fire. */
    public long saturatedUnits() {
        return firingRates.stream().filter(rate -> rate == 1).count();
    }
}

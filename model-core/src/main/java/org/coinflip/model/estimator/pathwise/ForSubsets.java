package org.coinflip.model.estimator.pathwise;

import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.unit.KOfN;
import org.coinflip.model.unit.UnitLaw;

/** An estimator for k-of-n units that goes by the gradient from above. */
interface ForSubsets extends GradientEstimator {
    @Override
    default boolean needsGradient() {
        return true;
    }

    @Override
    default boolean suits(UnitLaw law) {
        return law instanceof KOfN;
    }

    @Override
    default String serves() {
        return "k-of-n units";
    }
}

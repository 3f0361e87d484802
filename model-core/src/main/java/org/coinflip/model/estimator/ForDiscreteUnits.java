package org.coinflip.model.estimator;

import org.coinflip.model.unit.UnitLaw;

/** An estimator for every law of binary or categorical units, whose score is the sample less its probabilities. */
public interface ForDiscreteUnits extends GradientEstimator {
    @Override
    default boolean suits(UnitLaw law) {
        return law.isDiscrete();
    }

    @Override
    default String serves() {
        return "binary and categorical units";
    }
}

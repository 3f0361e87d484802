package org.coinflip.model.estimator;

import org.coinflip.model.unit.UnitLaw;

/** An estimator for every law of binary units. */
public interface ForBinaryUnits extends GradientEstimator {
    @Override
    default boolean suits(UnitLaw law) {
        return law.isBinary();
    }

    @Override
    default String serves() {
        return "binary units";
    }
}

package org.coinflip.model.estimator;

import org.coinflip.model.unit.UnitLaw;

/** An estimator for every law whose score is known, as a multiple of the sample's deviation from its mean. */
public interface ForUnitsWithScore extends GradientEstimator {
    @Override
    default boolean suits(UnitLaw law) {
        return law.hasScore();
    }

    @Override
    default String serves() {
        return "binary, categorical, count, k-of-n and gaussian units";
    }
}

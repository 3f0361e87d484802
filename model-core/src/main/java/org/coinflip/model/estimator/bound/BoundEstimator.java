package org.coinflip.model.estimator.bound;

import java.util.Optional;
import org.coinflip.model.estimator.ForDiscreteUnits;
import org.coinflip.model.estimator.GradientEstimator;

/** An estimator that makes K samples' losses into a bound, by evaluations alone; where layers above draw too its samples go on through them as particles. */
interface BoundEstimator extends ForDiscreteUnits {
    @Override
    default boolean needsGradient() {
        return false;
    }

    @Override
    default boolean combinesSamples() {
        return true;
    }

    @Override
    default Optional<GradientEstimator> ofParticles() {
        return Optional.of(new SharedParticles(this));
    }
}

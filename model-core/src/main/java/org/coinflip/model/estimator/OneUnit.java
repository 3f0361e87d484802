package org.coinflip.model.estimator;

import java.util.function.DoubleUnaryOperator;

/**
 * One Bernoulli unit below a loss of it alone, where the variance of many an estimator has a closed form.
 *
 * @param logit a
 * @param f the loss, at 0, at 1 and between
 * @param slope f'
 */
public record OneUnit(double logit, DoubleUnaryOperator f, DoubleUnaryOperator slope) {
    /** σ(a). */
    public double p() {
        return 1 / (1 + StrictMath.exp(-logit));
    }

    /** p (1 − p). */
    public double spread() {
        return p() * (1 - p());
    }

    /** Δ = f(1) − f(0). */
    public double difference() {
        return f.applyAsDouble(1) - f.applyAsDouble(0);
    }

    /** The variance of an estimate that has one value where the unit fires and another where not. */
    public double variance(double atOne, double atZero) {
        return spread() * (atOne - atZero) * (atOne - atZero);
    }

    /** The variance of {@code factor · f'(b)}. */
    public double varianceOfSlope(double factor) {
        return variance(factor * slope.applyAsDouble(1), factor * slope.applyAsDouble(0));
    }
}

package org.coinflip.model.unit;

import java.util.Map;
import org.coinflip.model.memory.Matrix;

/**
 * h ~ Poisson(λ), λ = eᵃ, at most {@value CountLaw#MOST_MEAN}: {@code P(h) = e^(−λ) λʰ / h!}. Mean and variance λ; a is the natural parameter. Its threshold
 * is the likeliest count, ⌊λ⌋.
 */
public record Poisson() implements CountLaw {
    public static final String TYPE = "poisson";

    private static final double MOST = StrictMath.log(MOST_MEAN);

    @Override
    public double mean(double logit) {
        return StrictMath.exp(Math.min(logit, MOST));
    }

    @Override
    public double naturalParameter(double logit) {
        return Math.min(logit, MOST);
    }

    @Override
    public double logPartition(double logit) {
        return mean(logit);
    }

    @Override
    public double curvature() {
        return 0;
    }

    @Override
    public void multiplyByNaturalSlope(Matrix logits, int rows, Matrix gradient) {}

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE);
    }
}

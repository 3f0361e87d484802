package org.coinflip.model.unit;

import java.util.Map;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * h ~ NegativeBinomial(r, p), p = σ(a): successes before the r-th failure, {@code P(h) = Γ(h+r)/(h! Γ(r)) pʰ (1−p)ʳ}. Mean μ = r eᵃ, at most
 * {@value CountLaw#MOST_MEAN}, variance μ + μ²/r: counts that vary more than a {@link Poisson} unit's, which it nears as r grows. The natural parameter is
 * log p, of which {@code ∂ log p/∂a = 1 − p}. Its threshold is the likeliest count, ⌊μ (r − 1)/r⌋ or 0.
 *
 * @param failures r, any positive number
 */
public record NegativeBinomial(double failures) implements CountLaw {
    public static final String TYPE = "negative-binomial";

    private static final Range FAILURES = new Range(1e-3, true, 1e6, true);

    static NegativeBinomial read(Section section) {
        return new NegativeBinomial(section.number("failures", 8, FAILURES));
    }

    @Override
    public double mean(double logit) {
        return Math.min(failures * StrictMath.exp(Math.min(logit, 100)), MOST_MEAN);
    }

    @Override
    public double naturalParameter(double logit) {
        return -CountLaw.softplus(-within(logit));
    }

    @Override
    public double logPartition(double logit) {
        return failures * CountLaw.softplus(within(logit));
    }

    /** The logit that the mean is that of. */
    private double within(double logit) {
        return Math.min(logit, StrictMath.log(MOST_MEAN / failures));
    }

    @Override
    public double curvature() {
        return 1 / failures;
    }

    @Override
    public double naturalSlope(double logit) {
        return 1 / (1 + mean(logit) / failures);
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "failures", failures);
    }
}

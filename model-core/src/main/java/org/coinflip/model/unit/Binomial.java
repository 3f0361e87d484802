package org.coinflip.model.unit;

import java.util.Map;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Section;

/**
 * h ~ Binomial(n, p), p = σ(a): of n trials, those that succeed, {@code P(h) = C(n,h) pʰ (1−p)^(n−h)}. Mean np, variance np(1−p); a is the natural
 * parameter. With n = 1 it is {@link Bernoulli}, which estimators for bits are for. Its threshold is the likeliest count.
 *
 * @param trials n
 */
public record Binomial(int trials) implements CountLaw {
    public static final String TYPE = "binomial";

    /** So that no P(0) of at most half a chance a trial is less than 2 to this power. */
    private static final int MOST_TRIALS = 1000;

    static Binomial read(Section section) {
        return new Binomial(section.integer("trials", 8, 1, MOST_TRIALS));
    }

    @Override
    public double mean(double logit) {
        return trials / (1 + StrictMath.exp(-logit));
    }

    @Override
    public double naturalParameter(double logit) {
        return logit;
    }

    @Override
    public double logPartition(double logit) {
        return trials * CountLaw.softplus(logit);
    }

    @Override
    public double curvature() {
        return -1.0 / trials;
    }

    /** n − h where failures are rarer: P(0) of the rarer is not small, and h still grows with u. */
    @Override
    public double draw(double logit, double u) {
        return logit > 0
                ? trials - CountLaw.invert(mean(-logit), curvature(), 1 - u)
                : CountLaw.invert(mean(logit), curvature(), u);
    }

    @Override
    public double slopeWeight(int degree, double logit, double h) {
        return logit > 0
                ? CountLaw.naturalWeight(degree, mean(-logit), curvature(), trials - h)
                : CountLaw.naturalWeight(degree, mean(logit), curvature(), h);
    }

    @Override
    public boolean hasWeight(int degree) {
        return degree <= trials + 1;
    }

    @Override
    public void thresholds(Backend backend, Matrix values, Floats biases, int rows) {
        CountLaw.super.thresholds(backend, values, biases, rows);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < values.columns(); j++) {
                values.set(r, j, Math.min(trials, values.get(r, j)));
            }
        }
    }

    @Override
    public void multiplyByNaturalSlope(Matrix logits, int rows, Matrix gradient) {}

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "trials", trials);
    }
}

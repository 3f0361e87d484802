package org.coinflip.model.unit;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;

/**
 * Units that count: h = 0, 1, 2, … of a natural exponential family whose variance is a quadratic function of its mean μ,
 * {@code Var h = μ + c μ²}: Poisson (c = 0), binomial (c = −1/n) and negative binomial units (c = 1/r). The score is
 * {@code ∂ log P(h|a)/∂a = (h − μ) ∂η/∂a}, η the natural parameter.
 *
 * <p>A unit is drawn by inversion of its distribution function: the least h with {@code P(0) + … + P(h) > u}, by
 * {@code P(h + 1) = P(h) (α + β h)/(h + 1)}, α = μ/(1 + cμ), β = cα (Panjer 1981), in double precision, u of 52 bits from the words 2d and 2d + 1 of
 * its draw d. So h is a function of (a, u) alone, the same bits on every machine, and grows with u.
 *
 * <p>Morris (1982), "Natural exponential families with quadratic variance functions".
 */
public interface CountLaw extends ExponentialFamily {
    /** The greatest mean that a unit may have: up to it P(0) is a normal number. Logits that ask for more are taken as those that ask for it. */
    double MOST_MEAN = 512;

    /** μ. */
    double mean(double logit);

    /** c. */
    double curvature();

    /** η. */
    double naturalParameter(double logit);

    /** A(a), {@code log(1 + cμ)/c}, or μ where c = 0. */
    double logPartition(double logit);

    /** ∂η/∂a. */
    default double naturalSlope(double logit) {
        return 1;
    }

    /** h for a uniform number in (0, 1). */
    default double draw(double logit, double u) {
        return invert(mean(logit), curvature(), u);
    }

    /**
     * What the slope f'(h) is multiplied by so that {@code E[w(h) f'(h)] = ∂E[f(h)]/∂a} for every polynomial f of a degree: the polynomial
     * of one degree less that is so, {@code w₁ = V ∂η/∂a}, {@code w₂ = (V + V' (h − μ)/2) ∂η/∂a} and
     * {@code w₃ = w₂ − ((h (h − 1)/(1 + c) − 2μh + μ²)/(12 V)) ∂η/∂a}, V = μ + cμ², V' = 1 + 2cμ.
     *
     * @param degree from 1 to 3
     */
    default double slopeWeight(int degree, double logit, double h) {
        return naturalSlope(logit) * naturalWeight(degree, mean(logit), curvature(), h);
    }

    /** Whether there is such a weight: of a unit that is at most n only the slopes at n + 1 points are seen. */
    default boolean hasWeight(int degree) {
        return true;
    }

    /** The weight for the natural parameter. */
    static double naturalWeight(int degree, double mean, double curvature, double h) {
        double growth = 1 + curvature * mean;
        double weight = mean * growth;
        if (degree >= 2) {
            weight += (1 + 2 * curvature * mean) * (h - mean) / 2;
        }
        if (degree >= 3) {
            // h (h − 1) is 0 where h hardly ever is more than 1, and V may be next to nothing.
            double pairs = h * (h - 1) / ((1 + curvature) * Math.max(mean * growth, Double.MIN_NORMAL));
            weight -= (pairs + (mean - 2 * h) / growth) / 12;
        }
        return weight;
    }

    /** The least h with P(0) + … + P(h) > u. */
    static double invert(double mean, double curvature, double u) {
        double growth = 1 + curvature * mean;
        double alpha = mean / growth;
        double beta = curvature * alpha;
        double probability = StrictMath.exp(curvature == 0 ? -mean : -StrictMath.log(growth) / curvature);
        double rest = u;
        int h = 0;
        // Beyond, what is left of u is rounding.
        while (rest >= probability && (h < mean || probability > 1e-18)) {
            rest -= probability;
            probability *= (alpha + beta * h) / (h + 1);
            h++;
        }
        return h;
    }

    @Override
    default void sample(
            Backend backend,
            double progress,
            Matrix logits,
            Floats biases,
            Draws draws,
            int draw,
            int rows,
            Matrix probabilities,
            Matrix samples,
            Matrix derivative) {
        backend.elementwise().activate(Activation.LINEAR, logits, biases, rows);
        for (int r = 0; r < rows; r++) {
            backend.sampling().words(draws, r, 2 * draw, logits.columns(), draws.words());
            backend.sampling().words(draws, r, 2 * draw + 1, logits.columns(), draws.moreWords());
            for (int j = 0; j < logits.columns(); j++) {
                double logit = logits.get(r, j);
                probabilities.set(r, j, (float) mean(logit));
                samples.set(r, j, (float) draw(logit, draws.longUniform(j)));
            }
        }
    }

    @Override
    default void means(Backend backend, Matrix values, Floats biases, int rows) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < values.columns(); j++) {
                values.set(r, j, (float) mean(values.get(r, j) + biases.get(j)));
            }
        }
    }

    /** The likeliest count, the greater of two. */
    @Override
    default void thresholds(Backend backend, Matrix values, Floats biases, int rows) {
        means(backend, values, biases, rows);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < values.columns(); j++) {
                values.set(r, j, (float) Math.max(0, Math.floor(values.get(r, j) * (1 - curvature()))));
            }
        }
    }

    @Override
    default void naturalParameters(Matrix logits, int rows, Matrix out) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < logits.columns(); j++) {
                out.set(r, j, (float) naturalParameter(logits.get(r, j)));
            }
        }
    }

    @Override
    default double logPartition(Matrix logits, int row) {
        double sum = 0;
        for (int j = 0; j < logits.columns(); j++) {
            sum += logPartition(logits.get(row, j));
        }
        return sum;
    }

    @Override
    default boolean hasScore() {
        return true;
    }

    @Override
    default void multiplyByNaturalSlope(Matrix logits, int rows, Matrix gradient) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                gradient.set(r, j, (float) (naturalSlope(logits.get(r, j)) * gradient.get(r, j)));
            }
        }
    }

    @Override
    default Pathwise pathwise() {
        return Pathwise.NONE;
    }

    /** {@code log(1 + eᵃ)}. */
    static double softplus(double a) {
        return Math.max(a, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(a)));
    }
}

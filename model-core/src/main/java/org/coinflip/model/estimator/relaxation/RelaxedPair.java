package org.coinflip.model.estimator.relaxation;

import org.coinflip.model.estimator.Site;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.NoiseKey;

/**
 * The continuous variables behind a batch of samples: z, of which b is a function, and z̃, drawn again given b from noise of its own. Rows of
 * matrices: z in the first n, z̃ in the n after.
 *
 * <p>Of bits {@code z = a + log((1−u)/u)}, b = 1[z > 0]; from a uniform v, {@code z̃ = log(1 + v/((1−p)(1−v)))} where b = 1 and
 * {@code −log(1 + (1−v)/(p v))} where b = 0, which has b's sign.
 *
 * <p>Of categories {@code z = a + G}, G Gumbel noise, b its greatest; from exponential numbers E, i the category drawn and Z = Σ eᵃ,
 * {@code z̃_i = log Z − log E_i} and {@code z̃_j = log Z − log(E_j / p_j + E_i)}, of which the i-th is the greatest. With w_i = 0 and
 * {@code w_j = (E_j / p_j) / (E_j / p_j + E_i)}, {@code ∂z̃_j/∂a_k = w_j 1[j = k] + (1 − w_j) p_k}.
 *
 * <p>Tucker, Mnih, Maddison, Lawson, Sohl-Dickstein (2017), appendix; of categories Grathwohl, Choi, Wu, Roeder, Duvenaud (2018), appendix B.
 */
public final class RelaxedPair {
    private final int columns;
    private final Matrix values;
    /** ∂z̃/∂a of bits, w of categories, n × D. */
    private final Matrix slopes;

    RelaxedPair(Site site) {
        columns = site.law().columnsPerUnit();
        values = Matrix.padded(2 * site.logits().rows(), site.width());
        slopes = Matrix.padded(site.logits().rows(), site.width());
    }

    /** z and z̃. */
    Matrix values() {
        return values;
    }

    /**
     * Multiplies the row of z̃ by Jᵀ, J = ∂z̃/∂a with the noise held fixed: what was the gradient with respect to z̃ becomes that with respect to a.
     *
     * @param row of the n
     * @param gradients 2n × D; modified
     */
    void pullBack(Site site, int row, Matrix gradients) {
        int at = site.rows() + row;
        for (int from = 0; from < site.width(); from += columns) {
            double rest = 0;
            for (int j = from; columns > 1 && j < from + columns; j++) {
                rest += (1 - slopes.get(row, j)) * gradients.get(at, j);
            }
            for (int j = from; j < from + columns; j++) {
                double shared = columns > 1 ? site.probabilities().get(row, j) * rest : 0;
                gradients.set(at, j, (float) (slopes.get(row, j) * gradients.get(at, j) + shared));
            }
        }
    }

    /** Multiplies the row of z̃ by J: what was a direction of a becomes the one that z̃ goes. */
    void pushForward(Site site, int row, Matrix directions) {
        int at = site.rows() + row;
        for (int from = 0; from < site.width(); from += columns) {
            double mean = 0;
            for (int j = from; columns > 1 && j < from + columns; j++) {
                mean += (double) site.probabilities().get(row, j) * directions.get(at, j);
            }
            for (int j = from; j < from + columns; j++) {
                double slope = slopes.get(row, j);
                double shared = columns > 1 ? (1 - slope) * mean : 0;
                directions.set(at, j, (float) (slope * directions.get(at, j) + shared));
            }
        }
    }

    /** z̃ of a bit, from its own uniform number v. */
    public static double conditional(boolean fires, double p, double q, double v) {
        return fires ? StrictMath.log1p(v / (q * (1 - v))) : -StrictMath.log1p((1 - v) / (p * v));
    }

    /** ∂z̃/∂a of a bit with v held fixed. */
    static double conditionalSlope(boolean fires, double p, double q, double v) {
        return fires ? p * v / (v + q * (1 - v)) : q * (1 - v) / (p * v + 1 - v);
    }

    /** Takes the batch that was sampled. */
    void draw(Site site) {
        int[] us = site.draws().words();
        int[] vs = site.draws().moreWords();
        if (columns > 1) {
            // The numbers that drew the categories, again.
            site.backend().sampling().addGumbel(site.logits(), site.draws(), site.draw(0), site.rows(), values);
        }
        for (int r = 0; r < site.rows(); r++) {
            site.backend().sampling().words(site.draws(), r, site.ownDraw(0), site.width(), vs);
            if (columns == 1) {
                site.backend().sampling().words(site.draws(), r, site.draw(0), site.width(), us);
                placeBits(site, r, us, vs);
            } else {
                for (int from = 0; from < site.width(); from += columns) {
                    placeUnit(site, r, from, vs);
                }
            }
        }
    }

    private void placeBits(Site site, int row, int[] us, int[] vs) {
        int below = site.rows() + row;
        for (int j = 0; j < site.width(); j++) {
            double a = site.logits().get(row, j);
            double odds = StrictMath.exp(-Math.abs(a));
            double rarer = odds / (1 + odds);
            double p = a > 0 ? 1 - rarer : rarer;
            double q = a > 0 ? rarer : 1 - rarer;
            double u = NoiseKey.ofWord(us[j]);
            double v = NoiseKey.ofWord(vs[j]);
            boolean fires = site.samples().get(row, j) != 0f;
            values.set(row, j, (float) (a + StrictMath.log((1 - u) / u)));
            values.set(below, j, (float) conditional(fires, p, q, v));
            slopes.set(row, j, (float) conditionalSlope(fires, p, q, v));
        }
    }

    private void placeUnit(Site site, int row, int from, int[] vs) {
        int below = site.rows() + row;
        double greatest = Double.NEGATIVE_INFINITY;
        double least = 0;
        for (int j = from; j < from + columns; j++) {
            greatest = Math.max(greatest, site.logits().get(row, j));
            least += site.samples().get(row, j) != 0f ? exponential(vs[j]) : 0;
        }
        double sum = 0;
        for (int j = from; j < from + columns; j++) {
            sum += StrictMath.exp(site.logits().get(row, j) - greatest);
        }
        double logSum = greatest + StrictMath.log(sum);
        for (int j = from; j < from + columns; j++) {
            boolean taken = site.samples().get(row, j) != 0f;
            double p = Math.max(site.probabilities().get(row, j), Float.MIN_NORMAL);
            double own = taken ? 0 : exponential(vs[j]) / p;
            values.set(below, j, (float) (logSum - StrictMath.log(own + least)));
            slopes.set(row, j, (float) (own / (own + least)));
        }
    }

    private static double exponential(int word) {
        return -StrictMath.log(NoiseKey.ofWord(word));
    }
}

package org.coinflip.model.estimator;

import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.NoiseKey;

/**
 * The continuous variables behind a batch of bits: z = a + log((1−u)/u), of which b = 1[z > 0], and z̃ drawn again given b from a uniform v
 * of its own, {@code z̃ = log(1 + v/((1−p)(1−v)))} where b = 1 and {@code −log(1 + (1−v)/(p v))} where b = 0, which has b's sign. Rows of
 * matrices: z in the first n, z̃ in the n after.
 */
final class RelaxedPair {
    private final Matrix values;
    private final Matrix slopes;

    RelaxedPair(Site site) {
        values = Matrix.padded(2 * site.logits().rows(), site.width());
        slopes = Matrix.padded(2 * site.logits().rows(), site.width());
    }

    /** z and z̃. */
    Matrix values() {
        return values;
    }

    /** ∂z/∂a = 1 and ∂z̃/∂a, the noise held fixed. */
    Matrix slopes() {
        return slopes;
    }

    /** z̃, from its own uniform number v. */
    static double conditional(boolean fires, double p, double q, double v) {
        return fires ? StrictMath.log1p(v / (q * (1 - v))) : -StrictMath.log1p((1 - v) / (p * v));
    }

    /** ∂z̃/∂a with v held fixed. */
    static double conditionalSlope(boolean fires, double p, double q, double v) {
        return fires ? p * v / (v + q * (1 - v)) : q * (1 - v) / (p * v + 1 - v);
    }

    /** Takes the batch that was sampled. */
    void draw(Site site) {
        int[] us = site.draws().words();
        int[] vs = site.draws().moreWords();
        for (int r = 0; r < site.rows(); r++) {
            site.backend().sampling().words(site.draws(), r, site.draw(0), site.width(), us);
            site.backend().sampling().words(site.draws(), r, site.ownDraw(0), site.width(), vs);
            place(site, r, us, vs);
        }
    }

    private void place(Site site, int row, int[] us, int[] vs) {
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
            slopes.set(row, j, 1f);
            values.set(below, j, (float) conditional(fires, p, q, v));
            slopes.set(below, j, (float) conditionalSlope(fires, p, q, v));
        }
    }
}

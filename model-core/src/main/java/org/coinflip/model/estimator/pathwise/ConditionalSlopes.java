package org.coinflip.model.estimator.pathwise;

import org.coinflip.model.estimator.Site;
import org.coinflip.model.estimator.relaxation.RelaxedPair;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.NoiseKey;

/**
 * The slopes of softmaxes of Gumbel-perturbed logits given the category that won, averaged over K draws of the noise: for a sample of category i, with
 * exponential numbers E, {@code a_i + G_i = log Z − log E_i} and {@code a_j + G_j = −log(E_j e^(−a_j) + E_i / Z)}, Z = Σ eᵃ. Binary units are two categories.
 */
final class ConditionalSlopes {
    private final int draws;
    private final boolean middle;
    private final int ownDraw;

    /** The numbers of a row: K times those of its units. */
    private final int[] words;

    /** What the softmaxes of a unit take, and then give. */
    private final double[] relaxed;

    /** The sum of K estimates of a unit. */
    private final double[] sum;

    /**
     * @param draws K
     * @param middle whether the sample is taken as one of (π + D)/2, halfway from the probabilities π to the one-hot sample D
     * @param ownDraw which of the estimator's own draws its noise is
     */
    ConditionalSlopes(Site site, int draws, boolean middle, int ownDraw) {
        this.draws = draws;
        this.middle = middle;
        this.ownDraw = ownDraw;
        words = NoiseKey.room(draws * site.width());
        relaxed = new double[site.law().columnsPerUnit()];
        sum = new double[relaxed.length];
    }

    /** Multiplies gradients by the mean slope, {@code g ← 1/K Σ_k (diag yᵏ − yᵏ yᵏᵀ) g / τ}; p (1 − p)-like for bits. */
    void multiply(Site site, double now, Matrix g) {
        for (int r = 0; r < site.rows(); r++) {
            // One draw, as wide as K draws of the units.
            site.backend().sampling().words(site.draws(), r, site.ownDraw(ownDraw), draws * site.width(), words);
            if (relaxed.length == 1) {
                multiplyBits(site, r, now, g);
            } else {
                for (int from = 0; from < site.width(); from += relaxed.length) {
                    multiplyUnit(site, r, from, now, g);
                }
            }
        }
    }

    private void multiplyBits(Site site, int row, double now, Matrix g) {
        for (int j = 0; j < site.width(); j++) {
            double a = site.logits().get(row, j);
            double odds = StrictMath.exp(-Math.abs(a));
            double rarer = odds / (1 + odds);
            double p = a > 0 ? 1 - rarer : rarer;
            double q = a > 0 ? rarer : 1 - rarer;
            boolean fires = site.samples().get(row, j) != 0f;
            if (middle) {
                p = fires ? (p + 1) / 2 : p / 2;
                q = fires ? q / 2 : (q + 1) / 2;
            }
            double slopes = 0;
            for (int k = 0; k < draws; k++) {
                double v = NoiseKey.ofWord(words[k * site.width() + j]);
                double e = StrictMath.exp(-Math.abs(RelaxedPair.conditional(fires, p, q, v)) / now);
                slopes += e / ((1 + e) * (1 + e));
            }
            double slope = slopes / (draws * now);
            g.set(row, j, (float) (slope * g.get(row, j)));
        }
    }

    private void multiplyUnit(Site site, int row, int from, double now, Matrix g) {
        for (int j = 0; j < sum.length; j++) {
            sum[j] = 0;
        }
        for (int k = 0; k < draws; k++) {
            relax(site, row, from, k * site.width(), now);
            double mean = 0;
            for (int j = 0; j < sum.length; j++) {
                mean += relaxed[j] * g.get(row, from + j);
            }
            for (int j = 0; j < sum.length; j++) {
                sum[j] += relaxed[j] * (g.get(row, from + j) - mean);
            }
        }
        for (int j = 0; j < sum.length; j++) {
            g.set(row, from + j, (float) (sum[j] / (draws * now)));
        }
    }

    /** Writes softmax((a + G)/τ) of one unit, log Z taken from all a + G, with p_j = e^(a_j) / Z. */
    private void relax(Site site, int row, int from, int word, double now) {
        double least = exponential(word + from + category(site, row, from));
        double total = 0;
        for (int j = 0; j < relaxed.length; j++) {
            boolean taken = site.samples().get(row, from + j) != 0f;
            double p = site.probabilities().get(row, from + j);
            p = Math.max(middle ? (p + (taken ? 1 : 0)) / 2 : p, Float.MIN_NORMAL);
            double others = taken ? 0 : exponential(word + from + j) / p;
            // The sample's is the greatest: no power exceeds 1.
            relaxed[j] = StrictMath.exp(StrictMath.log(least / (others + least)) / now);
            total += relaxed[j];
        }
        for (int j = 0; j < relaxed.length; j++) {
            relaxed[j] /= total;
        }
    }

    private int category(Site site, int row, int from) {
        int category = 0;
        while (category < relaxed.length - 1 && site.samples().get(row, from + category) == 0f) {
            category++;
        }
        return category;
    }

    private double exponential(int word) {
        return -StrictMath.log(NoiseKey.ofWord(words[word]));
    }
}

package org.coinflip.model.estimator.bound;

import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.SampleDeviations;
import org.coinflip.model.estimator.Site;

/**
 * What estimators for the K-sample bound share: {@code L̂ = log 1/K Σ_k w_k}, log w_k = −loss of sample k, becomes the layer's loss, −L̂; the layers above learn
 * from every sample with its weight w̃_k = w_k / Σ w; and the estimate is {@code g = Σ_k c_k (bᵏ − p)}, what each sample's score counts being the
 * estimator's. Layers above that draw are told c_k ({@link SharedParticles}).
 */
final class SampledBound implements Estimation {
    /** What the score of a sample counts. */
    interface Weight {
        /**
         * c_k.
         *
         * @param part w̃_k
         * @param hasPrior whether log q is part of the loss, so that {@code ∂log w_k/∂a = p − bᵏ}; else that is 0
         */
        double of(SampledBound bound, int sample, double part, boolean hasPrior);
    }

    private final int samplesPerRow;
    private final Weight weight;
    /** K w̃ of each sample. */
    private final float[] factors;

    /** −L̂ of each sample's row. */
    private final float[] bounds;

    /** What each sample's score counts where log q is no part of the loss, and where it is. */
    private final float[] scores;

    private final float[] scoresOfPrior;

    private final float[] weights;

    /** Of the row at hand. */
    private final double[] logWeights;

    private double sum;
    private double value;

    SampledBound(Site site, int samplesPerRow, Weight weight) {
        this.samplesPerRow = samplesPerRow;
        this.weight = weight;
        logWeights = new double[samplesPerRow];
        int samples = site.samples().rows();
        factors = new float[samples];
        bounds = new float[samples];
        scores = new float[samples];
        scoresOfPrior = new float[samples];
        weights = new float[samples];
    }

    int samples() {
        return samplesPerRow;
    }

    double logWeight(int sample) {
        return logWeights[sample];
    }

    /** Σ_k log w_k. */
    double sum() {
        return sum;
    }

    /** L̂. */
    double value() {
        return value;
    }

    /** The bound with a sample's log-weight replaced. */
    double with(int sample, double guess) {
        return logMean(sample, guess, samplesPerRow);
    }

    /** The bound of the K − 1 other samples. */
    double without(int sample) {
        return logMean(sample, Double.NEGATIVE_INFINITY, samplesPerRow - 1);
    }

    /** log 1/n of the sum of all weights, a sample's log-weight replaced. */
    private double logMean(int sample, double guess, int n) {
        double greatest = guess;
        for (int k = 0; k < samplesPerRow; k++) {
            greatest = k == sample ? greatest : Math.max(greatest, logWeights[k]);
        }
        double all = 0;
        for (int k = 0; k < samplesPerRow; k++) {
            all += StrictMath.exp((k == sample ? guess : logWeights[k]) - greatest);
        }
        return greatest + StrictMath.log(all / n);
    }

    @Override
    public void combine(Site site) {
        int n = site.rows();
        for (int r = 0; r < n; r++) {
            combine(site, r, n);
        }
        site.combineLosses(bounds, factors);
        site.context().shareScores(scores, scoresOfPrior);
    }

    private void combine(Site site, int row, int n) {
        sum = 0;
        double greatest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < samplesPerRow; k++) {
            logWeights[k] = -site.losses()[k * n + row];
            sum += logWeights[k];
            greatest = Math.max(greatest, logWeights[k]);
        }
        double all = 0;
        for (double logWeight : logWeights) {
            all += StrictMath.exp(logWeight - greatest);
        }
        value = greatest + StrictMath.log(all / samplesPerRow);
        for (int k = 0; k < samplesPerRow; k++) {
            double part = StrictMath.exp(logWeights[k] - greatest) / all;
            int sample = k * n + row;
            bounds[sample] = (float) -value;
            factors[sample] = (float) (part * samplesPerRow);
            scores[sample] = (float) weight.of(this, k, part, false);
            scoresOfPrior[sample] = (float) weight.of(this, k, part, true);
        }
    }

    @Override
    public void estimate(Site site) {
        System.arraycopy(site.hasPrior() ? scoresOfPrior : scores, 0, weights, 0, samplesPerRow * site.rows());
        SampleDeviations.addUp(site, weights, samplesPerRow);
    }
}

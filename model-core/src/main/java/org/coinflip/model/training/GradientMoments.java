package org.coinflip.model.training;

import org.coinflip.model.layer.stochastic.StochasticStage;

/** Running moments of one layer's estimates of ∂L/∂a over draws of the noise, for every example and unit. */
final class GradientMoments {
    private RunningMoments moments;

    /** Takes one more draw. */
    void add(StochasticStage stage) {
        if (moments == null) {
            moments = new RunningMoments(stage.rows(), stage.width());
        }
        moments.add(stage.logitGradient());
    }

    /** Var g of an example and unit, on average. */
    double variance() {
        return moments.totalVariance() / moments.mean().length;
    }

    /** Σ (E g)², without what the draws' deviations add to the squares of the means found; at least 0. */
    private double signal() {
        double sum = 0;
        for (double mean : moments.mean()) {
            sum += mean * mean;
        }
        return Math.max(0, sum - moments.totalVariance() / moments.draws());
    }

    /** {@code √(Σ (E g)² / Σ Var g)}; 0 where there is no signal, and without limit where there is no noise. */
    double signalToNoise() {
        double signal = signal();
        return signal == 0 ? 0 : Math.sqrt(signal / moments.totalVariance());
    }

    /**
     * The cosine between two estimators' means, corrected for their deviations, which would make it too small; NaN where a mean is not told
     * from 0.
     */
    double cosine(GradientMoments other) {
        double product = 0;
        double[] mine = moments.mean();
        double[] theirs = other.moments.mean();
        for (int i = 0; i < mine.length; i++) {
            product += mine[i] * theirs[i];
        }
        double cosine = product / Math.sqrt(signal() * other.signal());
        return Double.isFinite(cosine) ? Math.max(-1, Math.min(1, cosine)) : Double.NaN;
    }
}

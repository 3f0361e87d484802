package org.coinflip.model.training;

import org.coinflip.model.layer.stochastic.StochasticStage;

/** Running moments of one layer's estimates of ∂L/∂a over draws of the noise, for every example and unit, by Welford's recurrence. */
final class GradientMoments {
    private final int width;
    private final double[] mean;
    private final double[] squares;
    private int draws;
    private int count;

    /** @param rows the most rows of the layer */
    GradientMoments(int width, int rows) {
        this.width = width;
        mean = new double[width * rows];
        squares = new double[width * rows];
    }

    /** Takes one more draw. */
    void add(StochasticStage stage) {
        draws++;
        count = stage.rows() * width;
        for (int r = 0; r < stage.rows(); r++) {
            for (int j = 0; j < width; j++) {
                int at = r * width + j;
                double g = stage.logitGradient().get(r, j);
                double off = g - mean[at];
                mean[at] += off / draws;
                squares[at] += off * (g - mean[at]);
            }
        }
    }

    /** Σ Var g over examples and units. */
    private double totalVariance() {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += squares[i] / (draws - 1);
        }
        return sum;
    }

    /** Var g of an example and unit, on average. */
    double variance() {
        return totalVariance() / count;
    }

    /** Σ (E g)², without what the draws' deviations add to the squares of the means found; at least 0. */
    private double signal() {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += mean[i] * mean[i];
        }
        return Math.max(0, sum - totalVariance() / draws);
    }

    /** {@code √(Σ (E g)² / Σ Var g)}; 0 where there is no signal, and without limit where there is no noise. */
    double signalToNoise() {
        double signal = signal();
        return signal == 0 ? 0 : Math.sqrt(signal / totalVariance());
    }

    /**
     * The cosine between two estimators' means, corrected for their deviations, which would make it too small; NaN where a mean is not told
     * from 0.
     */
    double cosine(GradientMoments other) {
        double product = 0;
        for (int i = 0; i < count; i++) {
            product += mean[i] * other.mean[i];
        }
        double cosine = product / Math.sqrt(signal() * other.signal());
        return Double.isFinite(cosine) ? Math.max(-1, Math.min(1, cosine)) : Double.NaN;
    }
}

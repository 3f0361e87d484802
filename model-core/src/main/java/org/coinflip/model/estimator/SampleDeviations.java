package org.coinflip.model.estimator;

import org.coinflip.model.settings.Section;

/**
 * What estimators of several samples a row begin with: {@code g_i = 1/(K−1) Σ_k (f(bᵏ) − f̄) bᵏ_i}, the mean over pairs of samples of
 * {@code ½ (f(b) − f(b̃)) (b_i − b̃_i)}. For samples that are each of the units' law but correlated, unit by unit, its mean is
 * {@code (1 − ρ_i) g_i}, ρ_i the correlation of unit i in two samples.
 */
public class SampleDeviations implements Estimation {
    /** The most samples a row: with more, the roots of {@code Arms} lose their digits in 32 bits. */
    private static final int MOST = 100;

    private final int samplesPerRow;
    private final float[] weights;

    public SampleDeviations(Site site, int samplesPerRow) {
        this.samplesPerRow = samplesPerRow;
        this.weights = new float[site.samples().rows()];
    }

    /** Reads K. */
    public static int readSamples(Section section, int byDefault) {
        int samples = section.integer("samples", byDefault, 1, MOST);
        if (samples == 1) {
            throw section.wrong("samples", "at least 2: a sample's baseline is the mean loss of the others");
        }
        return samples;
    }

    /**
     * {@code g ← w Σ_k c_k (bᵏ − p)}, w the row's weight.
     *
     * @param weights in: c_k; out: w c_k
     */
    public static void addUp(Site site, float[] weights, int samplesPerRow) {
        float scale = site.rowWeight();
        for (int i = 0; i < samplesPerRow * site.rows(); i++) {
            weights[i] *= scale;
        }
        site.backend()
                .unitGradients()
                .weightedDeviations(
                        site.samples(),
                        site.probabilities(),
                        weights,
                        samplesPerRow,
                        site.rows(),
                        site.logitGradient());
    }

    @Override
    public void estimate(Site site) {
        weigh(site);
        site.backend()
                .unitGradients()
                .weightedSamples(site.samples(), weights, samplesPerRow, site.rows(), site.logitGradient());
    }

    private void weigh(Site site) {
        int n = site.rows();
        float scale = site.rowWeight() / (samplesPerRow - 1);
        for (int r = 0; r < n; r++) {
            float sum = 0f;
            for (int row = r; row < samplesPerRow * n; row += n) {
                sum += site.losses()[row];
            }
            float mean = sum / samplesPerRow;
            for (int row = r; row < samplesPerRow * n; row += n) {
                weights[row] = scale * (site.losses()[row] - mean);
            }
        }
    }
}

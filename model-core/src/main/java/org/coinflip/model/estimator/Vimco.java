package org.coinflip.model.estimator;

import java.util.Map;
import org.coinflip.model.settings.Section;

/**
 * VIMCO, for the K-sample bound {@code L̂ = log 1/K Σ_k w_k}, log w_k = −loss of sample k: the layer's loss becomes −L̂. The signal of sample k
 * is what it adds to the bound with its weight guessed from the others, {@code s_k = L̂ − log 1/K (Σ_{j≠k} w_j + geometric mean_{j≠k} w_j)}, and
 * {@code g_i = −Σ_k s_k (bᵏ_i − p_i) − Σ_k w̃_k ∂log w_k/∂a_i}, w̃ = w / Σ w. The second sum is {@code −w̃_k (bᵏ_i − p_i)} where log q is part of the loss, else 0;
 * the layers above learn from every sample with its weight w̃_k. Unbiased for the bound. Cost: K evaluations, no gradient. With one
 * sample the bound is the mean loss's; the bound grows with K.
 *
 * <p>Mnih and Rezende (2016), "Variational inference for Monte Carlo objectives"; the bound is of Burda, Grosse, Salakhutdinov (2016).
 *
 * @param samplesPerRow K, at least 2
 */
public record Vimco(int samplesPerRow) implements ForBinaryUnits {
    public static final String TYPE = "vimco";

    static Vimco read(Section section) {
        return new Vimco(SampleDeviations.readSamples(section, 5));
    }

    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public boolean combinesSamples() {
        return true;
    }

    @Override
    public Estimation at(Site site) {
        return new AtSite(site);
    }

    private final class AtSite implements Estimation {
        /** K w̃ of each sample. */
        private final float[] factors;

        /** −L̂ of each sample's row. */
        private final float[] bounds;

        /** What each sample's score counts. */
        private final float[] weights;

        private final double[] logWeights = new double[samplesPerRow];

        AtSite(Site site) {
            int samples = site.samples().rows();
            factors = new float[samples];
            bounds = new float[samples];
            weights = new float[samples];
        }

        @Override
        public void combine(Site site) {
            int n = site.rows();
            for (int r = 0; r < n; r++) {
                combine(site, r, n);
            }
            site.combineLosses(bounds, factors);
        }

        private void combine(Site site, int row, int n) {
            double sum = 0;
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
            double bound = greatest + StrictMath.log(all / samplesPerRow);
            for (int k = 0; k < samplesPerRow; k++) {
                double signal = bound - boundWithout(k, (sum - logWeights[k]) / (samplesPerRow - 1));
                double part = StrictMath.exp(logWeights[k] - greatest) / all;
                int sample = k * n + row;
                bounds[sample] = (float) -bound;
                factors[sample] = (float) (part * samplesPerRow);
                weights[sample] = (float) (site.hasPrior() ? part - signal : -signal);
            }
        }

        /** The bound with a sample's log-weight replaced. */
        private double boundWithout(int sample, double guess) {
            double greatest = guess;
            for (int k = 0; k < samplesPerRow; k++) {
                greatest = k == sample ? greatest : Math.max(greatest, logWeights[k]);
            }
            double all = 0;
            for (int k = 0; k < samplesPerRow; k++) {
                all += StrictMath.exp((k == sample ? guess : logWeights[k]) - greatest);
            }
            return greatest + StrictMath.log(all / samplesPerRow);
        }

        @Override
        public void estimate(Site site) {
            float scale = site.rowWeight();
            for (int i = 0; i < samplesPerRow * site.rows(); i++) {
                weights[i] *= scale;
            }
            site.backend()
                    .elementwise()
                    .weightedDeviations(
                            site.samples(),
                            site.probabilities(),
                            weights,
                            samplesPerRow,
                            site.rows(),
                            site.logitGradient());
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                "−Σ_k s_k (bᵏ − p) − Σ_k w̃_k ∂log w_k/∂a",
                Bias.OF_THE_BOUND,
                Cost.of(samplesPerRow, 0),
                "the K-sample bound of a variational autoencoder",
                "Mnih and Rezende 2016");
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "samples", samplesPerRow);
    }
}

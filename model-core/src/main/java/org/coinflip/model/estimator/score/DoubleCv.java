package org.coinflip.model.estimator.score;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForDiscreteUnits;
import org.coinflip.model.estimator.SampleDeviations;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.estimator.Trained;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * Double control variates: leave-one-out of K samples whose signals are less the loss's linear part around the mean, the slope taken from the
 * other samples, {@code c_k = ⟨1/(K−1) Σ_{j≠k} f'(bʲ), bᵏ − p⟩}, and what that takes from the mean given back,
 * {@code g = 1/(K−1) Σ_k (s_k − s̄) bᵏ + η Cov(b) 1/K Σ_k f'(bᵏ)}, s_k = f(bᵏ) − η c_k, Cov(b)_ii = p_i (1 − p_i) for bits and diag p − p pᵀ for categories.
 * η is trained on ‖g‖², whose gradient is that of the variance. Unbiased for every η, also where the slopes that come back from stochastic layers above
 * are biased: those of a sample know nothing of another. Cost: K evaluations and gradients.
 *
 * <p>Titsias and Shi (2022), "Double control variates for gradient estimation in discrete latent variable models"; there η is −α.
 *
 * @param samplesPerRow K, at least 2
 * @param scale η to begin with
 * @param learningRate Adam's, of η; 0 to leave it
 */
public record DoubleCv(int samplesPerRow, double scale, double learningRate) implements ForDiscreteUnits {
    public static final String TYPE = "double-cv";

    private static final String SCALE = "control-scale";

    public static DoubleCv read(Section section) {
        return new DoubleCv(
                SampleDeviations.readSamples(section, 4),
                section.number("scale", 1, Range.NOT_NEGATIVE),
                section.number("learning-rate", 0.001, Range.NOT_NEGATIVE));
    }

    @Override
    public boolean needsGradient() {
        return true;
    }

    @Override
    public boolean readsLosses() {
        return true;
    }

    @Override
    public List<Statistic> statistics(int inputs, int units) {
        return Trained.statistics(SCALE, 1, 1, scale, 0);
    }

    @Override
    public Estimation at(Site site) {
        return new AtSite(site);
    }

    private final class AtSite implements Estimation {
        private final Trained eta;
        /** What each sample counts: the loss's part, then the linear part's. */
        private final float[] weights;

        /** A of g = g₀ + η A. */
        private final Matrix control;

        /** g, not weighted. */
        private final Matrix estimates;

        private final double[] slopes;

        AtSite(Site site) {
            eta = new Trained(site, SCALE);
            weights = new float[site.samples().rows()];
            control = Matrix.padded(site.logits().rows(), site.width());
            estimates = Matrix.padded(site.logits().rows(), site.width());
            slopes = new double[site.width()];
        }

        @Override
        public void estimate(Site site) {
            int n = site.rows();
            System.arraycopy(site.losses(), 0, weights, 0, samplesPerRow * n);
            centre(site);
            addUp(site, estimates);
            for (int r = 0; r < n; r++) {
                predict(site, r);
            }
            centre(site);
            addUp(site, control);
            for (int r = 0; r < n; r++) {
                giveBack(site, r);
                finish(site, r);
            }
        }

        private void addUp(Site site, Matrix out) {
            site.backend().unitGradients().weightedSamples(site.samples(), weights, samplesPerRow, site.rows(), out);
        }

        /** {@code w_k ← (w_k − w̄) / (K − 1)} of each row. */
        private void centre(Site site) {
            int n = site.rows();
            for (int r = 0; r < n; r++) {
                double sum = 0;
                for (int row = r; row < samplesPerRow * n; row += n) {
                    sum += weights[row];
                }
                for (int row = r; row < samplesPerRow * n; row += n) {
                    weights[row] = (float) ((weights[row] - sum / samplesPerRow) / (samplesPerRow - 1));
                }
            }
        }

        /** Σ_k f'(bᵏ) of a row. */
        private void addSlopes(Site site, int row) {
            int n = site.rows();
            double unscaled = samplesPerRow / (double) site.rowWeight();
            for (int j = 0; j < slopes.length; j++) {
                double sum = 0;
                for (int at = row; at < samplesPerRow * n; at += n) {
                    sum += site.upstream().get(at, j);
                }
                slopes[j] = sum * unscaled;
            }
        }

        /** Writes −c_k of a row to the weights. */
        private void predict(Site site, int row) {
            int n = site.rows();
            double unscaled = samplesPerRow / (double) site.rowWeight();
            addSlopes(site, row);
            for (int at = row; at < samplesPerRow * n; at += n) {
                double linear = 0;
                for (int j = 0; j < slopes.length; j++) {
                    double others = slopes[j] - unscaled * site.upstream().get(at, j);
                    linear += others
                            * (site.samples().get(at, j) - site.probabilities().get(row, j));
                }
                weights[at] = (float) (-linear / (samplesPerRow - 1));
            }
        }

        /** Adds Cov(b) times the mean slope. */
        private void giveBack(Site site, int row) {
            addSlopes(site, row);
            int columns = site.law().columnsPerUnit();
            for (int from = 0; from < slopes.length; from += columns) {
                double mean = 0;
                for (int j = from; j < from + columns; j++) {
                    mean += site.probabilities().get(row, j) * slopes[j];
                }
                for (int j = from; j < from + columns; j++) {
                    double p = site.probabilities().get(row, j);
                    double covariance = columns == 1 ? p * (1 - p) * slopes[j] : p * (slopes[j] - mean);
                    control.set(row, j, (float) (control.get(row, j) + covariance / samplesPerRow));
                }
            }
        }

        private void finish(Site site, int row) {
            float now = eta.values().get(0);
            float weight = site.rowWeight();
            for (int j = 0; j < slopes.length; j++) {
                float estimate = ScalarMath.fma(control.get(row, j), now, estimates.get(row, j));
                estimates.set(row, j, estimate);
                site.logitGradient().set(row, j, estimate * weight);
            }
        }

        /** ∂‖g‖²/∂η = 2 g · A. */
        @Override
        public void learn(Site site) {
            if (learningRate == 0) {
                return;
            }
            double sum = 0;
            for (int r = 0; r < site.rows(); r++) {
                for (int j = 0; j < slopes.length; j++) {
                    sum += (double) estimates.get(r, j) * control.get(r, j);
                }
            }
            eta.gradient().set(0, (float) (2 * sum / site.rows()));
            eta.step(site, learningRate);
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                "1/(K−1) Σ_k (s_k − s̄) bᵏ + η Cov(b) f̄', s_k = f(bᵏ) − η ⟨f̄'₋ₖ, bᵏ − p⟩",
                Bias.NONE,
                Cost.of(samplesPerRow, samplesPerRow),
                "smooth losses, several samples, no bias",
                "Titsias and Shi 2022");
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("samples", samplesPerRow);
        keys.put("scale", scale);
        keys.put("learning-rate", learningRate);
        return keys;
    }
}

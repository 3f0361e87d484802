package org.coinflip.model.layer.stochastic;

import org.coinflip.model.memory.Matrix;
import org.coinflip.model.unit.GaussianUnits;

/**
 * Of {@link GaussianUnits Gaussian units} with the prior N(0, 1), {@code c(h) = Σ_i ½ h_i² − (h_i − a_i)² / 2 s_i² − log s_i}, whose mean is the divergence of q from p,
 * {@code Σ_i ½ (a_i² + s_i² − 1) − log s_i}. Its gradient with respect to h is h − (h − a)/s²; what is left out are the scores of a and log s.
 *
 * <p>Kingma and Welling (2014), "Auto-encoding variational Bayes"; without the scores: Roeder, Wu, Duvenaud (2017), "Sticking the landing".
 */
final class GaussianPriorCost implements PriorCost {
    private final GaussianUnits deviations;

    GaussianPriorCost(GaussianUnits deviations) {
        this.deviations = deviations;
    }

    @Override
    public void add(Matrix logits, Matrix samples, int n, int sampleRows, boolean drawn, float[] losses) {
        for (int j = 0; j < samples.columns(); j++) {
            double s = deviations.deviation(j);
            double ofAll = (drawn ? 0 : (s * s - 1) / 2) - StrictMath.log(s);
            for (int r = 0; r < sampleRows; r++) {
                double h = samples.get(r, j);
                double noise = (h - logits.get(r % n, j)) / s;
                losses[r] += (float) ((h * h - noise * noise) / 2 + ofAll);
            }
        }
    }

    @Override
    public void addGradient(Matrix logits, Matrix samples, int n, int sampleRows, float weight, Matrix gradient) {
        for (int j = 0; j < samples.columns(); j++) {
            double s = deviations.deviation(j);
            double precision = 1 / (s * s);
            for (int r = 0; r < sampleRows; r++) {
                double h = samples.get(r, j);
                double slope = h - precision * (h - logits.get(r % n, j));
                gradient.set(r, j, (float) (gradient.get(r, j) + weight * slope));
            }
        }
    }
}

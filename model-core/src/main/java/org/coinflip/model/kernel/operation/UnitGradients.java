package org.coinflip.model.kernel.operation;

import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * Kernels of stochastic units whose noise is drawn: relaxed samples and their derivatives, and the sums and factors that estimators make
 * {@code g = ∂L/∂a} with. Matrices as those of {@link Elementwise}; stateless, and nothing is allocated.
 */
public interface UnitGradients {
    /** {@code g[r][j] ← g[r][j] · max(p, 1 − p)}, p = probabilities[r][j]; that is σ(|a|). */
    void multiplyByLikelier(Matrix probabilities, Matrix gradient, int rows);

    /** {@code g[r][j] ← g[r][j] · factor |h − p|}, h = samples[r][j], p = probabilities[r][j]. */
    void multiplyByResidual(Matrix samples, Matrix probabilities, float factor, Matrix gradient, int rows);

    /** {@code g[r][j] ← g[r][j] · factor · 1[|a| ≤ limit]}, a = logits[r][j]. */
    void multiplyWithin(Matrix logits, float limit, float factor, Matrix gradient, int rows);

    /**
     * Binary Concrete units: {@code a ← a + bias; y = σ((a − z) / τ)}, on the side of ½ where {@code 1[u < σ(a)]} is if
     * {@code z = log(u/(1−u))}.
     *
     * @param logits in: xW; out: the logits a
     * @param samples in: logistic noise z; out: y, and zero in the padding
     * @param derivative out: ∂y/∂a with z held fixed, {@code y (1−y) / τ}
     */
    void relax(Matrix logits, Floats bias, float temperature, int rows, Matrix samples, Matrix derivative);

    /**
     * Rectifiers with noise of variance σ(a): {@code a ← a + bias; s = √σ(a); h = max(0, a + s n)}.
     *
     * @param logits in: xW; out: the logits a
     * @param samples in: standard normal noise n; out: h, and zero in the padding
     * @param derivative out: ∂h/∂a with n held fixed, {@code 1[h > 0] (1 + ½ s (1 − σ(a)) n)}
     */
    void rectifyNoisy(Matrix logits, Floats bias, int rows, Matrix samples, Matrix derivative);

    /** {@code g[r][j] ← g[r][j] · y (1−y) / τ}, {@code y = σ((a − z) / τ)}, a = logits[r][j], z = noise[r][j]. */
    void multiplyByRelaxedSlope(Matrix logits, Matrix noise, float temperature, Matrix gradient, int rows);

    /**
     * {@code g[r][j] ← Σ_s weight[s n + r] · h[s n + r][j]}, added in order.
     *
     * @param weights one of each row of {@code samples}
     * @param samplesPerRow how many samples of each row there are
     * @param rows rows of the gradient, n
     */
    void weightedSamples(Matrix samples, float[] weights, int samplesPerRow, int rows, Matrix gradient);

    /** {@code g[r][j] ← Σ_s weight[s n + r] · (h[s n + r][j] − p[r][j])}, as {@link #weightedSamples}. */
    void weightedDeviations(
            Matrix samples, Matrix probabilities, float[] weights, int samplesPerRow, int rows, Matrix gradient);

    /** {@code g[r][j] ← (h[r][j] − p[r][j]) · (scale · signal[r] − scale · baseline[j])}. */
    void scoreTimesSignal(
            Matrix samples,
            Matrix probabilities,
            float[] signal,
            float scale,
            Floats baseline,
            int rows,
            Matrix gradient);

    /**
     * The running numerator and denominator of the minimum-variance baseline:
     * {@code num[j] ← κ num[j] + (1−κ) mean_r[(h−p)² signal]}, {@code den[j] ← κ den[j] + (1−κ) mean_r[(h−p)²]}.
     */
    void baselineStatistics(
            Matrix samples,
            Matrix probabilities,
            float[] signal,
            int rows,
            float kappa,
            Floats numerator,
            Floats denominator);

    /**
     * {@code g[r][j] ← g[r][j] + factor[j] · ∂q/∂a}, q = probabilities[r][j] being σ(a) to the power {@code ratio}: ∂q/∂a = ratio · q (1 −
     * q^(1/ratio)).
     */
    void addOpeningSlope(Matrix probabilities, Floats factors, float ratio, int rows, Matrix gradient);

    /** {@code g[r][j] ← g[r][j] + weight · 1[h[r][j] > 0]}. */
    void addWherePositive(Matrix gates, float weight, int rows, Matrix gradient);
}

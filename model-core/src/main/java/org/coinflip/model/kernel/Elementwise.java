package org.coinflip.model.kernel;

import org.coinflip.model.example.Examples;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * Kernels without noise. Matrices have padded rows; what is in the padding is undefined before and after. Stateless and
 * thread-safe on disjoint data; nothing is allocated.
 */
public interface Elementwise {
    /**
     * Writes examples as the network sees them.
     *
     * @param examples source; bytes become {@code offset + scale · byte}
     * @param places which examples, the first {@code rows} of which count
     * @param out rows × width, modified
     */
    void gather(Examples examples, int[] places, int rows, Matrix out);

    /** {@code v[r][j] ← f(v[r][j] + bias[j])}. */
    void activate(Activation f, Matrix values, Floats bias, int rows);

    /** {@code g[r][j] ← g[r][j] · f'(·)}, the derivative taken from the outputs {@code y}. */
    void activationGradient(Activation f, Matrix outputs, Matrix gradient, int rows);

    /** {@code g[r][j] ← g[r][j] · factor[r][j]}. */
    void multiply(Matrix factor, Matrix gradient, int rows);

    /** {@code g[r][j] ← g[r][j] · p (1 − p)}, p = probabilities[r][j]. */
    void multiplyByVariance(Matrix probabilities, Matrix gradient, int rows);

    /** {@code target[j] ← carry · target[j] + scale · Σ_r m[r][j]}, rows added in order. */
    void columnSums(Matrix m, int rows, float scale, float carry, Floats target);

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
}

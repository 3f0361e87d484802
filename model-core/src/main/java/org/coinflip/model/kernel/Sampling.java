package org.coinflip.model.kernel;

import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;

/**
 * Kernels that add the bias, draw the noise and sample the units of whole rows in one go. The noise of a row is a pure function of
 * {@link Draws} and the draw index. Padding of {@code samples} is zero afterwards. Stateless; nothing is allocated.
 */
public interface Sampling {
    /** Fills the first {@code columns} words (whole chunks of 64) of a row's draw. */
    void words(Draws draws, int row, int draw, int columns, int[] out);

    /**
     * Bernoulli units: {@code a ← a + bias; p = σ(a); h = 1[u < p]}.
     *
     * @param logits in: xW; out: the logits a
     * @param probabilities out: p
     * @param samples out: h
     */
    void bernoulli(Matrix logits, Floats bias, Draws draws, int draw, int rows, Matrix probabilities, Matrix samples);

    /**
     * Stochastic-times-smooth units: {@code b = 1[u < pʳ], h = b p^(1−r)}.
     *
     * @param ratio r, the part of p that is stochastic, in (0, 1]
     * @param derivative out: ∂h/∂a with b held fixed, {@code (1−r)(1−p) h}
     */
    void stochasticTimesSmooth(
            Matrix logits,
            Floats bias,
            float ratio,
            Draws draws,
            int draw,
            int rows,
            Matrix probabilities,
            Matrix samples,
            Matrix derivative);

    /** Noisy rectifiers with logistic noise: {@code h = max(0, a + s log(u/(1−u)))}. */
    void logisticRectifier(Matrix logits, Floats bias, float scale, Draws draws, int draw, int rows, Matrix samples);

    /** Noisy rectifiers with Gaussian noise: {@code h = max(0, a + s n)}, n standard normal, from draws 2d and 2d+1. */
    void gaussianRectifier(
            Matrix logits, Floats bias, float deviation, Draws draws, int draw, int rows, Matrix samples);

    /** Additive noise: {@code out = in + s n}, n standard normal. */
    void addGaussian(Matrix in, float deviation, Draws draws, int draw, int rows, Matrix out);

    /** Dropout masks: {@code mask = 1[u < keep] / keep; out = in · mask}. */
    void dropout(Matrix in, float keep, Draws draws, int draw, int rows, Matrix mask, Matrix out);
}

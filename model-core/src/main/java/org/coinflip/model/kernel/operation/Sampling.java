package org.coinflip.model.kernel.operation;

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
     * Antithetic pairs of Bernoulli units, which share one uniform number: {@code a ← a + bias; p = σ(a); h = 1[u < p]; h̃ = 1[1 − u < p]}.
     *
     * @param logits in: xW; out: the logits a
     * @param rows rows of {@code logits}, n
     * @param probabilities out: p, n rows
     * @param samples out: h in the first n rows, h̃ in the n after
     */
    void antitheticBernoulli(
            Matrix logits, Floats bias, Draws draws, int draw, int rows, Matrix probabilities, Matrix samples);

    /**
     * Bernoulli units in K ≥ 2 samples a row that repel each other: {@code a ← a + bias; p = σ(a); q = min(p, 1−p)}; the rarer value where
     * {@code E_k > (1 − q^{1/(K−1)}) Σ_l E_l}, with {@code E_k = −log u_k} of draw {@code draw + k}. For K = 2 they are antithetic pairs.
     *
     * @param logits in: xW; out: the logits a
     * @param samplesPerRow K
     * @param rows rows of {@code logits}, n
     * @param probabilities out: p, n rows
     * @param samples out: h, sample k of row r in row k n + r
     */
    void dirichletBernoulli(
            Matrix logits,
            Floats bias,
            int samplesPerRow,
            Draws draws,
            int draw,
            int rows,
            Matrix probabilities,
            Matrix samples);

    /** {@code g[r][j] ← signal[r] (½ − u)}, u the number that drew unit j of row r. */
    void uniformTimesSignal(Draws draws, int draw, float[] signal, int rows, Matrix gradient);

    /** Logistic noise: {@code out[r][j] ← log(u/(1−u))}, u the number that a Bernoulli unit would be drawn by. */
    void logistic(Draws draws, int draw, int rows, Matrix out);

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

    /** Gumbel noise: {@code out = in − log(−log u)}; zero in the padding. */
    void addGumbel(Matrix in, Draws draws, int draw, int rows, Matrix out);

    /** Gaussian noise: {@code out = s n}, n standard normal, from draws 2d and 2d+1. */
    void gaussian(float deviation, Draws draws, int draw, int rows, Matrix out);

    /** Additive noise: {@code out = in + s n}, n standard normal. */
    void addGaussian(Matrix in, float deviation, Draws draws, int draw, int rows, Matrix out);

    /** Dropout masks: {@code mask = 1[u < keep] / keep; out = in · mask}. */
    void dropout(Matrix in, float keep, Draws draws, int draw, int rows, Matrix mask, Matrix out);
}

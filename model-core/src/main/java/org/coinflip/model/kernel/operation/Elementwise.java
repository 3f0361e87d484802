package org.coinflip.model.kernel.operation;

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

    /** {@code out[r][j] ← factor · in[r][j] + offset}. */
    void rescale(Matrix in, float factor, float offset, int rows, Matrix out);

    /** {@code g[r][j] ← g[r][j] · factor[r][j]}. */
    void multiply(Matrix factor, Matrix gradient, int rows);

    /** {@code g[r][j] ← g[r][j] · p (1 − p)}, p = probabilities[r][j]. */
    void multiplyByVariance(Matrix probabilities, Matrix gradient, int rows);

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

    /**
     * The loss of Bernoulli outputs: {@code losses[r] ← Σ_j softplus(y_j) − x_j y_j}, x row {@code r mod examples} of the targets, and
     * {@code y ← weight (σ(y) − x)}. A sum is taken in sixteen interleaved parts, which are added in order.
     *
     * @param parts room for the parts, modified
     */
    void bernoulliLoss(
            Matrix outputs, Matrix targets, int examples, int rows, float weight, Floats parts, float[] losses);

    /** Half the squared error: {@code losses[r] ← ½ Σ_j (y_j − x_j)², y ← weight (y − x)}; sums and rows as in the Bernoulli loss. */
    void gaussianLoss(
            Matrix outputs, Matrix targets, int examples, int rows, float weight, Floats parts, float[] losses);

    /** {@code g[r][j] ← Σ_s weight[s n + r] · (h[s n + r][j] − p[r][j])}, as {@link #weightedSamples}. */
    void weightedDeviations(
            Matrix samples, Matrix probabilities, float[] weights, int samplesPerRow, int rows, Matrix gradient);

    /** {@code m[r][j] ← factor[r] · m[r][j]}. */
    void scaleRows(float[] factors, int rows, Matrix m);

    /**
     * What a prior adds to the loss of a sample: {@code losses[r] += normaliser + Σ_j h_j (a_j − θ_j) − softplus(a_j)}, a row
     * {@code r mod n} of the logits; sums are taken as in the Bernoulli loss.
     *
     * @param priorLogits θ
     * @param normaliser {@code Σ_j softplus(θ_j)}
     * @param samples h, in [0, 1]
     * @param n rows of the logits
     * @param rows rows of the samples
     * @param parts room for {@link Matrix#ROW_UNIT} numbers, modified
     */
    void addPriorCost(
            Matrix logits,
            Floats priorLogits,
            float normaliser,
            Matrix samples,
            int n,
            int rows,
            Floats parts,
            float[] losses);

    /** {@code g[r][j] ← g[r][j] + weight (a_j − θ_j)}, a row {@code r mod n} of the logits. */
    void addPriorGradient(Matrix logits, Floats priorLogits, int n, int rows, float weight, Matrix gradient);

    /** {@code target[j] ← carry · target[j] + scale · Σ_r weight[r] m[r][j]}, rows added in order. */
    void weightedColumnSums(Matrix m, float[] weights, int rows, float scale, float carry, Floats target);

    /** {@code target[j] ← carry · target[j] + scale · Σ_r m[r][j]}, rows added in order. */
    void columnSums(Matrix m, int rows, float scale, float carry, Floats target);

    /** {@code out[r][j] ← out[r][j] + (slope[j] · in[r][j] + offset[j])}. */
    void addLinear(Matrix in, Floats slope, Floats offset, int rows, Matrix out);

    /** {@code m[r][j] ← factor[j] · m[r][j]}. */
    void scaleColumns(Floats factors, int rows, Matrix m);

    /** {@code target[j] ← scale · Σ_r m[r][j]²}, rows added in order. */
    void columnSquares(Matrix m, int rows, float scale, Floats target);

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
     * An Euler step of an energy-based network's layer down its energy: {@code s ← s + step (ρ'(s) a − s + nudge (d − s))},
     * {@code a = field + drive}; states of a hard sigmoid, whose ρ' counts as 1, are then clipped to [0, 1]. Then {@code rates ← ρ(s)}.
     *
     * @param field what the layers beside it send, Σ W ρ
     * @param drive what is constant: a row for each row, or one row for all
     * @param targets d; not read into the result where {@code nudge} is 0, but finite
     * @param states s, modified
     * @param rates ρ(s) of the states as they are, modified; not used for a hard sigmoid, where the states are the rates
     */
    void settle(
            FiringRate rho,
            Matrix field,
            Matrix drive,
            Matrix targets,
            float nudge,
            float step,
            int rows,
            Matrix states,
            Matrix rates);

    /** {@code out[r][j] ← carry · out[r][j] + factor · in[r][j]}; where carry is 0, out may have held anything. */
    void add(Matrix in, float factor, float carry, int rows, Matrix out);

    /** {@code out[r][j] ← factor · (a[r][j] − b[r][j])}. */
    void difference(Matrix a, Matrix b, float factor, int rows, Matrix out);
}

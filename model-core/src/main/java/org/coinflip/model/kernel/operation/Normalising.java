package org.coinflip.model.kernel.operation;

import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * Kernels of layers that normalise: groups of neighbouring columns of a row by their own mean and variance, or columns by given ones. Matrices
 * have padded rows, and vectors with a number of each column as much room; what is in the padding is undefined before and after. Stateless and
 * thread-safe on disjoint data; nothing is allocated.
 */
public interface Normalising {
    /**
     * {@code out ← (x − m) s} of every group of neighbouring columns of a row, m the mean of the group's x, v that of (x − m)², {@code s = 1 / √(v + ε)}. A
     * sum is taken in sixteen interleaved parts, which are added in order.
     *
     * @param size columns of a group, a divisor of all columns
     * @param parts room for {@link Matrix#ROW_UNIT} numbers, modified
     * @param scales out: s, groups of a row side by side
     */
    void standardise(Matrix in, int size, float epsilon, int rows, Floats parts, float[] scales, Matrix out);

    /**
     * The gradient of {@link #standardise} where each column is then multiplied by a factor, {@code e_j = factor[j] · g[r][j]}: {@code gradient ← carry ·
     * gradient + s (e − mean e − y mean(e y))}, means over the group; sums as there.
     *
     * @param standardised y
     * @param scales s
     * @param upstream g
     * @param carry 0 or 1
     * @param gradient of what was standardised, modified
     */
    void standardiseGradient(
            Matrix standardised,
            float[] scales,
            Floats factors,
            Matrix upstream,
            int size,
            int rows,
            float carry,
            Floats parts,
            Matrix gradient);

    /** {@code out[r][j] ← (in[r][j] − mean[j]) · factor[j] + offset[j]}. */
    void normalise(Matrix in, Floats means, Floats factors, Floats offsets, int rows, Matrix out);

    /** {@code target[j] ← Σ_r weight[r] (m[r][j] − mean[j])²}, rows added in order. */
    void squaredDeviations(Matrix m, Floats means, float[] weights, int rows, Floats target);

    /** {@code sums[j] ← Σ_r weight[r] g[r][j]} and {@code products[j] ← Σ_r weight[r] g[r][j] (in[r][j] − mean[j])}, rows added in order. */
    void gradientSums(
            Matrix in, Floats means, Matrix upstream, float[] weights, int rows, Floats sums, Floats products);

    /**
     * The gradient of {@link #normalise} where means and factors are the batch's own: {@code gradient ← carry · gradient + factor[j] (g − mean of g[j] +
     * slope[j] (in − mean[j]))}.
     *
     * @param meanGradients the mean of g over all that the mean is of
     * @param slopes what g changes by with the deviation, so that their mean product vanishes
     * @param upstream g
     * @param carry 0 or 1
     * @param gradient of the input, modified
     */
    void normaliseGradient(
            Matrix in,
            Floats means,
            Floats factors,
            Floats meanGradients,
            Floats slopes,
            Matrix upstream,
            int rows,
            float carry,
            Matrix gradient);
}

package org.coinflip.model.kernel.operation;

import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * Kernels of products with gathered rows: row r of a batch is multiplied by {@code count} rows of W, units × inputs, from {@code first[r]} on, and by no
 * others; and kernels of single rows, parts of which are gathered. What they cost does not grow with W. Stateless and thread-safe on disjoint data; nothing is allocated.
 */
public interface Gathering {
    /**
     * {@code out[r][column + j] ← b[first[r] + j] + Σ_k x[r][k] w[first[r] + j][k]}, j &lt; count. A sum is taken in sixteen interleaved parts, which are
     * added in pairs: i and i + 8, then i and i + 4, i + 2, i + 1.
     *
     * @param parts room for sixteen numbers
     */
    void multiply(
            Matrix inputs,
            Matrix weights,
            Floats biases,
            int[] first,
            int count,
            int rows,
            float[] parts,
            Matrix out,
            int column);

    /** {@code g[r] ← g[r] + Σ_j δ[r][column + j] w[first[r] + j]}, added in order. */
    void propagate(Matrix delta, int column, Matrix weights, int[] first, int count, int rows, Matrix gradient);

    /** {@code target[first[r] + j] ← target[first[r] + j] + scale · δ[r][column + j] x[r]}, row after row; no other rows are touched. */
    void accumulate(
            Matrix delta, int column, Matrix inputs, int[] first, int count, int rows, float scale, Matrix target);

    /** {@code to[toRow][column + j] ← to[toRow][column + j] + factor · from[row][j]}, j over the columns of {@code from}, each rounded once. */
    void addRow(float factor, Matrix from, int row, Matrix to, int toRow, int column);

    /** {@code to[toRow][j] ← factor · from[row][column + j]}, j over the columns of {@code to}. */
    void scaleRow(float factor, Matrix from, int row, int column, Matrix to, int toRow);

    /**
     * {@code Σ_j a[row][column + j] b[rowOfB][j]}, j over b's columns, summed as a product is.
     *
     * @param parts room for sixteen numbers
     */
    float dot(Matrix a, int row, int column, Matrix b, int rowOfB, float[] parts);

    /** Scales those of the gathered rows whose Euclidean norm is above {@code most} back to it. */
    void limitNorms(Matrix weights, int[] first, int count, int rows, float most, float[] parts);
}

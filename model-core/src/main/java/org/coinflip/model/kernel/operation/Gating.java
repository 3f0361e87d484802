package org.coinflip.model.kernel.operation;

import org.coinflip.model.memory.LineAligned;
import org.coinflip.model.memory.Matrix;

/**
 * Kernels of gated experts: products that compute only the experts whose gates are open. An expert's weights are a row of W, experts ×
 * inputs, and are read once a batch whatever the number of rows that want them. Stateless and thread-safe on disjoint data; nothing is
 * allocated.
 *
 * <p>Which gates are open is a set of bits: bit i of {@code open[block · stride + j]} is set where gate j of row {@code 32 · block + i} is
 * not zero; {@link #stride} and {@link #marks} give the sizes.
 */
public interface Gating {
    /** Rows whose gates share a mark. */
    int BLOCK = Integer.SIZE;

    /**
     * Room on the heap for the rows that are worked on, one thread's: arrays are what the compiler's vectors are fastest on, and a copy of a
     * row, once it is in the first cache, costs little.
     *
     * @param rows the examples' inputs, or the gradient with respect to them, where {@link LineAligned#row} says; or another row
     * @param row the weights of one expert
     * @param parts of sums, of so many experts at a time
     * @param starts of the rows that want one of these experts, in the following
     * @param rowOf the row of a pair
     * @param factorOf what a pair's row is multiplied by
     */
    record Scratch(float[] rows, float[] row, float[] parts, int[] starts, int[] rowOf, float[] factorOf) {
        /** Experts that are worked on at a time. */
        public static final int TILE = 32;

        /** For so many rows of so many inputs; for none, room for a row of an expert. */
        public static Scratch of(int rows, int inputs) {
            int pairs = Math.multiplyExact(TILE, Math.max(1, rows));
            return new Scratch(
                    LineAligned.rows(rows, inputs),
                    new float[inputs],
                    new float[Math.multiplyExact(pairs, Matrix.ROW_UNIT)],
                    new int[TILE + 1],
                    new int[pairs],
                    new float[pairs]);
        }
    }

    /** Marks from one block of rows to the next. */
    static int stride(int experts) {
        return Matrix.padded(experts);
    }

    /** Marks that so many rows and experts need. */
    static int marks(int rows, int experts) {
        return Math.multiplyExact((rows + BLOCK - 1) / BLOCK, stride(experts));
    }

    /** Whether an expert is closed in all rows. */
    static boolean isClosed(int[] open, int experts, int rows, int expert) {
        int any = 0;
        for (int at = expert, left = rows; left > 0; at += stride(experts), left -= BLOCK) {
            any |= open[at];
        }
        return any == 0;
    }

    /**
     * Marks the gates that are open.
     *
     * @param open out: {@link #marks} numbers
     * @return how many there are
     */
    long mark(Matrix gates, int rows, int[] open);

    /**
     * {@code out[r][j] ← Σ_k x[r][k] w[j][k]} where gate j of row r is open, 0 elsewhere. A sum is taken in sixteen interleaved parts,
     * which are added in pairs: i and i + 8, then i and i + 4, i + 2, i + 1.
     *
     * @param weights experts × inputs, dense
     */
    void multiply(Matrix inputs, Matrix weights, int[] open, int rows, Scratch scratch, Matrix out);

    /**
     * {@code target[j] ← carry · target[j] + scale · Σ_r δ[r][j] x[r]} over the rows with gate j open, added in order. Rows of the target
     * that have none are not touched where carry is 1. A row whose norm is then above {@code mostNorm} is scaled back to it.
     *
     * @param mostNorm 0 for no limit
     * @param target experts × inputs, dense; modified
     */
    void accumulate(
            Matrix delta,
            Matrix inputs,
            int[] open,
            int rows,
            float scale,
            float carry,
            float mostNorm,
            Scratch scratch,
            Matrix target);

    /**
     * {@code w ← w − rate · u; u ← decay · u} for one row of each; then w, where its norm is above {@code mostNorm}, is scaled back to it.
     * What falls below {@link Updating#FLUSH} in u becomes zero.
     *
     * @param mostNorm 0 for no limit
     */
    void drift(Matrix weights, Matrix velocity, int row, float rate, float decay, float mostNorm, Scratch scratch);

    /** {@code g[r] ← carry · g[r] + Σ_j δ[r][j] w[j]} over the open gates of row r, added in order. */
    void propagate(Matrix delta, Matrix weights, int[] open, int rows, float carry, Scratch scratch, Matrix gradient);

    /** {@code out[r][j] ← carry · out[r][j] + a[r][j] b[r][j]}. */
    void product(Matrix a, Matrix b, float carry, int rows, Matrix out);

    /** Scales every row of the weights, experts × inputs, whose Euclidean norm is above {@code most} back to it. */
    void limitRowNorms(Matrix weights, float most, Scratch scratch);
}

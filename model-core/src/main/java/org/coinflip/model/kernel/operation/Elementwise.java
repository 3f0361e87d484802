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

    /** {@code m[r][j] ← factor[r] · m[r][j]}. */
    void scaleRows(float[] factors, int rows, Matrix m);

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

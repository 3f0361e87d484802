package org.coinflip.model.kernel.operation;

import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * Kernels of one step of recurrent cells: what comes after the products with the weights. Matrices have a row for each sequence of the
 * batch and a column for each unit, in padded rows; what is in the padding is undefined before and after. Stateless and thread-safe on
 * disjoint data; nothing is allocated.
 */
public interface RecurrentCells {
    /**
     * A part of the way from the state before to a target: {@code h ← α y + (1 − α) p}.
     *
     * @param rate α of each unit, in [0, 1]
     * @param target y
     * @param previous p
     * @param state h, modified
     */
    void leak(Floats rate, Matrix target, Matrix previous, int rows, Matrix state);

    /**
     * The gradient of {@link #leak}: {@code dp ← dp + (1 − α) g}, and then {@code g ← α g}, which is that of the target.
     *
     * @param gradient g of the state in, of the target out; modified
     * @param previousGradient dp, modified
     */
    void leakGradient(Floats rate, int rows, Matrix gradient, Matrix previousGradient);

    /** {@code out[r] ← out[r] + Σ_j m[r][j] v[j]}, each sum taken in sixteen interleaved parts, which are added in order. */
    void addDots(Matrix m, Floats v, int rows, Floats parts, float[] out);

    /** {@code m[r][j] ← m[r][j] + factor[from + r] v[j]}. */
    void addOuter(float[] factors, int from, Floats v, int rows, Matrix m);

    /** The state of sequences that are updated, or are not: {@code h ← u y + (1 − u) p}, u = open[from + r]. */
    void skip(float[] open, int from, Matrix target, Matrix previous, int rows, Matrix state);

    /**
     * The gradient of {@link #skip}: {@code du[from + r] ← Σ_j g (y − p)}, {@code dp ← dp + (1 − u) g}, and then {@code g ← u g}, which is that of
     * the target. Sums are taken as in {@link #addDots}.
     *
     * @param gradient g of the state in, of the target out; modified
     * @param previousGradient dp, modified
     * @param openGradient du, out
     */
    void skipGradient(
            float[] open,
            int from,
            Matrix target,
            Matrix previous,
            int rows,
            Floats parts,
            Matrix gradient,
            Matrix previousGradient,
            float[] openGradient);

    /** What the state before sends to a candidate, as far as the reset gate lets it: {@code out ← out + r q}. */
    void addProduct(Matrix reset, Matrix recurrent, int rows, Matrix out);

    /**
     * The state of gated recurrent units: {@code h ← n + z (p − n)}.
     *
     * @param update z
     * @param candidate n
     * @param previous p
     * @param state h, modified
     */
    void gruState(Matrix update, Matrix candidate, Matrix previous, int rows, Matrix state);

    /**
     * The gradient of {@link #gruState}, of the candidate {@code n = tanh(… + r q)} and of the logistic functions of r and z: each matrix becomes the gradient with respect to what it
     * was computed from, {@code dn = g (1 − z)(1 − n²); dq = dn r; dr = dn q r (1 − r); dz = g (p − n) z (1 − z); dp ← dp + g z}.
     *
     * @param gradient g
     * @param previousGradient dp, modified
     */
    void gruGradient(
            Matrix reset,
            Matrix update,
            Matrix candidate,
            Matrix recurrent,
            Matrix previous,
            int rows,
            Matrix gradient,
            Matrix previousGradient);

    /**
     * The cells of long short-term memory units: {@code c ← f p + i n}.
     *
     * @param input i
     * @param forget f
     * @param candidate n
     * @param previousCell p
     * @param cell c, modified
     */
    void lstmCell(Matrix input, Matrix forget, Matrix candidate, Matrix previousCell, int rows, Matrix cell);

    /**
     * The gradient with respect to the cells of what long short-term memory units show of them, {@code h = o y}, {@code y = tanh c}:
     * {@code e ← e + g o (1 − y²)}.
     *
     * @param output o
     * @param shown y
     * @param gradient g
     * @param cellGradient e, modified
     */
    void addShownGradient(Matrix output, Matrix shown, Matrix gradient, int rows, Matrix cellGradient);

    /**
     * The gradient of what {@link #lstmCell} writes, and of the functions that gates and candidates are of: each matrix becomes the gradient with
     * respect to what it was computed from, {@code di = e n i (1 − i); dn = e i (1 − n²)}.
     *
     * @param cellGradient e
     */
    void lstmWrittenGradient(Matrix input, Matrix candidate, Matrix cellGradient, int rows);

    /**
     * The same of what it keeps, {@code df = e p f (1 − f)}; and then {@code e ← e f}, which is that of the cells before.
     *
     * @param cellGradient e, modified
     */
    void lstmKeptGradient(Matrix forget, Matrix previousCell, int rows, Matrix cellGradient);
}

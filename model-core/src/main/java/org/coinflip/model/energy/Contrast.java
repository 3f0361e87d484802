package org.coinflip.model.energy;

import org.coinflip.model.memory.Matrix;

/**
 * A gradient in the form that every rule here gives it: the difference of the correlations of two sets of firing rates A and B,
 * {@code ∂J/∂W_l = factor · (A_{l−1}ᵀ A_l − B_{l−1}ᵀ B_l)}, {@code ∂J/∂b_l = factor · Σ_rows (A_l − B_l)}; each row adds its example's.
 * Reused; one thread's.
 */
public final class Contrast {
    private final Matrix[] a;
    private final Matrix[] b;
    private float factor;

    /** Memory for the rates of a relaxation. */
    public Contrast(Relaxation relaxation) {
        int layers = relaxation.energy().layers();
        a = new Matrix[layers];
        b = new Matrix[layers];
        for (int l = 0; l < layers; l++) {
            Matrix like = relaxation.states(l);
            a[l] = Matrix.padded(like.rows(), like.columns());
            b[l] = Matrix.padded(like.rows(), like.columns());
        }
    }

    /** Rates A of a layer. */
    public Matrix a(int l) {
        return a[l];
    }

    /** Rates B of a layer. */
    public Matrix b(int l) {
        return b[l];
    }

    public float factor() {
        return factor;
    }

    void setFactor(float factor) {
        this.factor = factor;
    }

    void takeA(Relaxation relaxation) {
        take(relaxation, a);
    }

    void takeB(Relaxation relaxation) {
        take(relaxation, b);
    }

    private static void take(Relaxation relaxation, Matrix[] to) {
        for (int l = 0; l < to.length; l++) {
            to[l].setRows(0, relaxation.rates(l), 0, relaxation.rows());
        }
    }
}

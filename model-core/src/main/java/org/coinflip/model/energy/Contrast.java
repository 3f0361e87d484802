package org.coinflip.model.energy;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * A gradient in the form that the rules here give it: differences of the correlations of two sets of firing rates A and B,
 * {@code ∂J/∂W_l = Σ_k factor_k · (A_{l−1}ᵀ A_l − B_{l−1}ᵀ B_l)_k}, {@code ∂J/∂b_l = Σ_k factor_k · Σ_rows (A_l − B_l)_k}, each row adding
 * its example's; or, for a rule that says so, {@code ∂J/∂W_l} as a sum of products that it takes on its way. Reused; one thread's.
 */
public final class Contrast {
    private final Backend backend;
    private final Matrix[][] a;
    private final Matrix[][] b;
    private final float[] factors;
    private final Matrix[] products;
    private final Matrix[] changes;
    private final Matrix part;

    /** Memory for what a rule makes of a relaxation. */
    public Contrast(Relaxation relaxation, EnergyGradient rule, Backend backend) {
        this.backend = backend;
        int layers = relaxation.energy().layers();
        a = new Matrix[rule.pairs()][];
        b = new Matrix[rule.pairs()][];
        factors = new float[rule.pairs()];
        for (int k = 0; k < factors.length; k++) {
            a[k] = like(relaxation);
            b[k] = like(relaxation);
        }
        Matrix lowest = relaxation.states(0);
        part = Matrix.padded(lowest.rows(), lowest.columns());
        products = rule.sumsProducts() ? new Matrix[layers - 1] : null;
        changes = rule.sumsProducts() ? like(relaxation) : null;
        for (int l = 0; products != null && l < products.length; l++) {
            products[l] = relaxation.energy().weights()[l].zeros();
        }
    }

    private static Matrix[] like(Relaxation relaxation) {
        Matrix[] matrices = new Matrix[relaxation.energy().layers()];
        for (int l = 0; l < matrices.length; l++) {
            Matrix states = relaxation.states(l);
            matrices[l] = Matrix.padded(states.rows(), states.columns());
        }
        return matrices;
    }

    /** A of a pair, by layer. */
    Matrix[] a(int k) {
        return a[k];
    }

    /** B of a pair, by layer. */
    Matrix[] b(int k) {
        return b[k];
    }

    void setFactor(int k, float factor) {
        factors[k] = factor;
    }

    /** Copies a relaxation's rates. */
    static void takeRates(Relaxation relaxation, Matrix[] to) {
        for (int l = 0; l < to.length; l++) {
            to[l].setRows(0, relaxation.rates(l), 0, relaxation.rows());
        }
    }

    /** Copies a relaxation's states. */
    static void takeStates(Relaxation relaxation, Matrix[] to) {
        for (int l = 0; l < to.length; l++) {
            to[l].setRows(0, relaxation.states(l), 0, relaxation.rows());
        }
    }

    /** Room for the changes of the states, by layer. */
    Matrix[] changes() {
        return changes;
    }

    /** {@code a ← weightOfA a + weightOfB b}. */
    void mix(Matrix a, double weightOfA, Matrix b, double weightOfB) {
        backend.updating().mean(a.floats(), weightOfA, b.floats(), weightOfB);
    }

    /** {@code out ← a − b}. */
    void subtract(Matrix a, Matrix b, int rows, Matrix out) {
        backend.elementwise().difference(a, b, 1f, rows, out);
    }

    /** Begins a sum of products. */
    void clearProducts() {
        for (Matrix sum : products) {
            sum.floats().clear();
        }
    }

    /** Adds {@code factor · below_lᵀ above_{l+1}} to the sum of the weights between layers l and l + 1. */
    void addProduct(int l, float factor, Matrix below, Matrix above, int rows) {
        correlate(factor, below, above, rows, 1f, products[l]);
    }

    /** Writes {@code ∂J/∂a} of what the lowest layer receives: with the clamped input, the gradient of the weights below it. */
    public void errors(int rows, Matrix out) {
        backend.elementwise().difference(a[0][0], b[0][0], factors[0], rows, out);
        for (int k = 1; k < factors.length; k++) {
            backend.elementwise().difference(a[k][0], b[k][0], -factors[k], rows, part);
            backend.elementwise().difference(out, part, 1f, rows, out);
        }
    }

    /** {@code target ← carry · target + scale · ∂J/∂W} of the weights between layers l and l + 1. */
    public void weights(int l, int rows, float scale, float carry, Matrix target) {
        if (products != null) {
            backend.updating().mean(target.floats(), carry, products[l].floats(), scale * factors[0]);
            return;
        }
        for (int k = 0; k < factors.length; k++) {
            correlate(scale * factors[k], a[k][l], a[k][l + 1], rows, k == 0 ? carry : 1f, target);
            correlate(-scale * factors[k], b[k][l], b[k][l + 1], rows, 1f, target);
        }
    }

    /** {@code target ← carry · target + scale · ∂J/∂b} of the biases of layer l. */
    public void biases(int l, int rows, float scale, float carry, Floats target) {
        for (int k = 0; k < factors.length; k++) {
            backend.elementwise().columnSums(a[k][l], rows, scale * factors[k], k == 0 ? carry : 1f, target);
            backend.elementwise().columnSums(b[k][l], rows, -scale * factors[k], 1f, target);
        }
    }

    private void correlate(float scale, Matrix below, Matrix above, int rows, float carry, Matrix target) {
        backend.blas().gemm(true, false, target.rows(), target.columns(), rows, scale, below, above, carry, target);
    }
}

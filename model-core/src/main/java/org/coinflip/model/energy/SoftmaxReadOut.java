package org.coinflip.model.energy;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.objective.Objective;

/**
 * A read-out beside the energy, {@code y = softmax(ρ(s_N) V + c)}, and its cost {@code C = −log y[label]}. Nothing of it is felt by the
 * units but the nudge, {@code −β ∂C/∂s_N = −β ρ'(s_N) ∘ V (y − d)}, d the one-hot label. Belongs to one thread.
 *
 * <p>Laborieux et al. (2021), arXiv 2006.03824.
 */
public final class SoftmaxReadOut {
    private final Matrix weights;
    private final Floats biases;
    private final Matrix errors;
    private final Backend backend;

    /**
     * @param weights V, units of the top layer × classes; kept
     * @param biases c; kept
     * @param capacity rows at most
     */
    public SoftmaxReadOut(Matrix weights, Floats biases, int capacity, Backend backend) {
        this.weights = weights;
        this.biases = biases;
        this.backend = backend;
        errors = Matrix.padded(capacity, weights.columns());
    }

    /**
     * {@code ρ(s_N) V + c}.
     *
     * @param rates ρ(s_N), rows × units
     * @param out rows × classes, modified
     */
    public void logits(Matrix rates, int rows, Matrix out) {
        backend.blas().gemm(false, false, rows, weights.columns(), weights.rows(), 1f, rates, weights, 0f, out);
        backend.elementwise().activate(Activation.LINEAR, out, biases, rows);
    }

    /**
     * Adds {@code −β V (y − d)} to what the top layer's units receive; their ρ' is a factor on all of that.
     *
     * @param targets d, rows × classes
     * @param fields rows × units, modified
     */
    void push(Matrix rates, Matrix targets, float beta, int rows, Matrix fields) {
        logits(rates, rows, errors);
        Objective.CROSS_ENTROPY.predict(errors, rows, 0);
        backend.elementwise().difference(errors, targets, 1f, rows, errors);
        backend.blas().gemm(false, true, rows, weights.rows(), weights.columns(), -beta, errors, weights, 1f, fields);
    }
}

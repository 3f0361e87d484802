package org.coinflip.model.energy;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.kernel.operation.FiringRate;
import org.coinflip.model.memory.Matrix;

/**
 * The states of a {@link Relaxation} taken for those of a network that feeds forward: what the input makes on its way up, and back-propagation on the way down, which
 * {@link PredictiveCoding} and {@link DualPropagation} are made of. Belongs to one thread; nothing is allocated.
 */
final class FeedForward {
    private final Relaxation relaxation;
    private final LayeredEnergy energy;
    private final SoftmaxReadOut readOut;
    private final Backend backend;
    private final Matrix[] drives;
    private final Matrix[] fields;
    private final Matrix[] states;
    private final Matrix[] rates;

    /**
     * Works on the memory of a relaxation.
     *
     * @param readOut what makes the cost; null for {@code ½ ‖s_N − d‖²}
     */
    FeedForward(
            Relaxation relaxation,
            Matrix[] drives,
            Matrix[] fields,
            Matrix[] states,
            Matrix[] rates,
            SoftmaxReadOut readOut,
            Backend backend) {
        this.relaxation = relaxation;
        this.energy = relaxation.energy();
        this.readOut = readOut;
        this.backend = backend;
        this.drives = drives;
        this.fields = fields;
        this.states = states;
        this.rates = rates;
    }

    /** Whether a layer's outputs are its states as they are: those of the topmost that no softmax reads, of a network that feeds forward. */
    boolean isLinear(int l) {
        return l == states.length - 1 && readOut == null;
    }

    /**
     * Sets the states from the lowest layer up, with nothing felt from above: {@code s_l = b_l + ρ(s_{l−1}) W_l + e_l}, clipped where rates are, and
     * without e at {@linkplain #isLinear outputs}, which are not clipped.
     *
     * @param errors −e by layer; null for none
     */
    void ascend(Matrix[] errors) {
        for (int l = 0; l < states.length; l++) {
            receive(l);
            if (errors != null && !isLinear(l)) {
                backend.elementwise().difference(fields[l], errors[l], 1f, relaxation.rows(), fields[l]);
            }
            make(l, fields[l]);
        }
    }

    /** {@code fields_l ← ρ(s_{l−1}) W_l}; what the input sends is in the drive. */
    private void receive(int l) {
        if (l == 0) {
            fields[0].floats().clear();
            return;
        }
        Matrix w = energy.weights()[l - 1];
        backend.blas().gemm(false, false, relaxation.rows(), w.columns(), w.rows(), 1f, rates[l - 1], w, 0f, fields[l]);
    }

    /** Sets a layer's states to what its units receive, and their rates: from rest a step of 1 / ρ'(0) goes there at once. */
    private void make(int l, Matrix received) {
        FiringRate rho = energy.rho();
        float rest = (float) rho.rate(0);
        states[l].floats().clear();
        if (isLinear(l)) {
            backend.elementwise().difference(received, states[l], 1f, relaxation.rows(), states[l]);
            if (l > 0) {
                backend.elementwise().activate(Activation.LINEAR, states[l], energy.biases()[l - 1], relaxation.rows());
            } else {
                states[0].setRows(0, drives[0], 0, relaxation.rows());
            }
            return;
        }
        rates[l].floats().fill(rest);
        float step = rho.isClipped() ? 1f : (float) (1 / rho.slope(0));
        backend.elementwise()
                .settle(rho, received, drives[l], states[l], 0f, step, relaxation.rows(), states[l], rates[l]);
    }

    /** Writes {@code ∂C/∂s_N} of the states that {@link #ascend} made. */
    void costSlope(Matrix targets, Matrix out) {
        int top = states.length - 1;
        if (readOut == null) {
            backend.elementwise().difference(states[top], targets, 1f, relaxation.rows(), out);
            return;
        }
        out.floats().clear();
        readOut.push(rates[top], targets, -1f, relaxation.rows(), out);
        multiplyBySlope(top, out);
    }

    /** {@code out ← ρ'(s_l) ∘ (above W_{l+1}ᵀ)}: one layer of back-propagation. */
    void descend(int l, Matrix above, Matrix out) {
        Matrix w = energy.weights()[l];
        backend.blas().gemm(false, true, relaxation.rows(), w.rows(), w.columns(), 1f, above, w, 0f, out);
        multiplyBySlope(l, out);
    }

    private void multiplyBySlope(int l, Matrix gradient) {
        switch (energy.rho()) {
            case TANH -> backend.elementwise()
                    .activationGradient(Activation.TANH, rates[l], gradient, relaxation.rows());
            case SIGMOID -> backend.elementwise()
                    .activationGradient(Activation.SIGMOID, rates[l], gradient, relaxation.rows());
            case HARD_SIGMOID -> {
                // 1[s > 0] and 1[1 − s > 0]
                backend.elementwise().activationGradient(Activation.RELU, rates[l], gradient, relaxation.rows());
                backend.elementwise().rescale(rates[l], -1f, 1f, relaxation.rows(), fields[l]);
                backend.elementwise().activationGradient(Activation.RELU, fields[l], gradient, relaxation.rows());
            }
        }
    }

    /**
     * Writes the two outputs of a layer's units that are nudged to either side, and keeps their mean as the layer's rates.
     *
     * @param factor of the nudge
     * @param above what {@code W_{l+1}ᵀ} sends down; of the topmost layer the targets, and the nudge is {@code ∓ factor ∂C/∂s}
     */
    void split(int l, float factor, Matrix above, Matrix plus, Matrix minus) {
        receive(l);
        if (isLinear(l)) {
            make(l, fields[l]);
            // s ± factor (d − s)
            backend.elementwise().difference(above, states[l], factor, relaxation.rows(), fields[l]);
            minus.setRows(0, states[l], 0, relaxation.rows());
            backend.elementwise().difference(minus, fields[l], 1f, relaxation.rows(), minus);
            plus.setRows(0, states[l], 0, relaxation.rows());
            backend.updating().mean(plus.floats(), 1, fields[l].floats(), 1);
            return;
        }
        plus.setRows(0, fields[l], 0, relaxation.rows());
        minus.setRows(0, fields[l], 0, relaxation.rows());
        if (l == states.length - 1) {
            readOut.push(rates[l], above, factor, relaxation.rows(), plus);
            readOut.push(rates[l], above, -factor, relaxation.rows(), minus);
        } else {
            Matrix w = energy.weights()[l];
            backend.blas().gemm(false, true, relaxation.rows(), w.rows(), w.columns(), factor, above, w, 1f, plus);
            backend.blas().gemm(false, true, relaxation.rows(), w.rows(), w.columns(), -factor, above, w, 1f, minus);
        }
        make(l, plus);
        plus.setRows(0, rates[l], 0, relaxation.rows());
        make(l, minus);
        minus.setRows(0, rates[l], 0, relaxation.rows());
        backend.updating().mean(rates[l].floats(), 0.5, plus.floats(), 0.5);
    }
}

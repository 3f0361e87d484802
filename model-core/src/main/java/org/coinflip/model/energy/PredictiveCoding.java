package org.coinflip.model.energy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * Predictive coding by its errors: units make {@code s_l = b_l + ρ(s_{l−1}) W_l + e_l}, and the errors go down
 * {@code E(e) = ½ Σ_l ‖e_l‖² + β C}, {@code e ← e + ε (−β δ − e)}, {@code δ_l = ∂C/∂s_l} by a pass down at the states that e makes;
 * {@code ∂J/∂W_l = −ρ(s_{l−1})ᵀ e_l / β c}, {@code c = 1 − (1−ε)^T} the part of its way that e has gone after T steps. One step is back-propagation
 * exactly; more have a bias of O(β). The free state is the pass up, e = 0. Cost: a pass up and one down a step. The outputs' own error is that of the last step.
 *
 * <p>Whittington and Bogacz (2017), "An approximation of the error backpropagation algorithm in a predictive coding network with local Hebbian
 * synaptic plasticity"; by errors: Goemaere, Oliviers, Bogacz, Demeester (2025), arXiv 2505.20137.
 *
 * @param beta β, positive
 * @param step ε, in (0, 1]
 * @param steps T
 */
public record PredictiveCoding(double beta, double step, int steps) implements ForwardGradient {
    public static final String TYPE = "predictive-coding";

    static PredictiveCoding read(Section section) {
        return new PredictiveCoding(
                section.number("beta", 1, Range.POSITIVE),
                section.number("step", 1, Range.UP_TO_ONE),
                section.integer("steps", 1, 1, Integer.MAX_VALUE));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("beta", beta);
        keys.put("step", step);
        keys.put("steps", steps);
        return keys;
    }

    @Override
    public void compute(Relaxation relaxation, Matrix targets, int sign, Contrast out) {
        int top = relaxation.energy().layers() - 1;
        FeedForward network = relaxation.feedForward();
        // −e
        Matrix[] errors = out.a(0);
        Matrix[] slopes = out.changes();
        double part = 1 - StrictMath.pow(1 - step, steps);
        for (Matrix error : errors) {
            error.floats().clear();
        }
        for (int t = 0; t < steps; t++) {
            if (t > 0) {
                network.ascend(errors);
            }
            network.costSlope(targets, slopes[top]);
            for (int l = top; l >= 0; l--) {
                if (l < top) {
                    network.descend(l, slopes[l + 1], slopes[l]);
                }
                boolean free = l == top && network.isLinear(l);
                out.mix(errors[l], free ? 0 : 1 - step, slopes[l], beta * (free ? part : step));
            }
        }
        out.clearProducts();
        for (int l = 0; l < top; l++) {
            out.addProduct(l, 1f, relaxation.rates(l), errors[l + 1], relaxation.rows());
        }
        out.setFactor(0, (float) (1 / (beta * part)));
    }
}

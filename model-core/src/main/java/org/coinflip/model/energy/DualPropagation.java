package org.coinflip.model.energy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * Dual propagation: each unit has two states that are nudged to either side, and each layer goes to its minimum given the layers beside it,
 * {@code z_l^± = ρ(b_l + z̄_{l−1} W_l ± ½ (z⁺_{l+1} − z⁻_{l+1}) W_{l+1}ᵀ)}, {@code z̄ = ½ (z⁺ + z⁻)}; the topmost is nudged by {@code ∓½ β ∂C/∂s}. Mean states carry
 * what goes up, differences what comes down, in one phase, which begins at the pass up, and {@code ∂J/∂W_l = −z̄_{l−1}ᵀ (z⁺_l − z⁻_l) / β}. Bias O(β²), from the curvature of
 * ρ; none where ρ is linear between z⁻ and z⁺. Cost: two passes down and one up a sweep.
 *
 * <p>Høier, Staudt, Zach (2023), "Dual Propagation: Accelerating Contrastive Hebbian Learning with Dyadic Neurons", arXiv 2302.01228, with α = ½.
 *
 * @param beta β, positive
 * @param steps sweeps over the layers, from the topmost down; one is enough where β is small
 */
public record DualPropagation(double beta, int steps) implements ForwardGradient {
    public static final String TYPE = "dual-propagation";

    static DualPropagation read(Section section) {
        return new DualPropagation(
                section.number("beta", 1, Range.POSITIVE), section.integer("steps", 1, 1, Integer.MAX_VALUE));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("beta", beta);
        keys.put("steps", steps);
        return keys;
    }

    @Override
    public void compute(Relaxation relaxation, Matrix targets, int sign, Contrast out) {
        int top = relaxation.energy().layers() - 1;
        float half = (float) (beta / 2);
        Matrix[] minus = out.a(0);
        Matrix[] plus = out.b(0);
        Matrix[] differences = out.changes();
        for (int t = 0; t < steps; t++) {
            for (int l = top; l >= 0; l--) {
                Matrix above = l < top ? differences[l + 1] : targets;
                relaxation.feedForward().split(l, l < top ? 0.5f : half, above, plus[l], minus[l]);
                out.subtract(plus[l], minus[l], relaxation.rows(), differences[l]);
            }
        }
        out.clearProducts();
        for (int l = 0; l < top; l++) {
            out.addProduct(l, -1f, relaxation.rates(l), differences[l + 1], relaxation.rows());
        }
        out.setFactor(0, (float) (1 / beta));
    }
}

package org.coinflip.model.energy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.energy.EquilibriumPropagation.Side;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * Learning while the outputs' nudge spreads, from what a synapse sees of its two units, as in spike-timing-dependent plasticity:
 * {@code dW_ij/dt ∝ ρ(s_i) ds_j/dt}, summed over the steps of the nudged phase; symmetrised, {@code ρ(s_i) ds_j/dt + ρ(s_j) ds_i/dt}.
 *
 * <p>Where ρ' = 1, as for a hard sigmoid of states inside [0, 1], the symmetrised rule is {@code d/dt ρ(s_i) ρ(s_j)} less the product of
 * the two changes of each step: it differs from one-sided {@link EquilibriumPropagation} by O(ε β), and with it tends to the gradient as
 * β → 0. Other ρ leave out the factor ρ' of the unit that changes. Not symmetrised, it takes the lower unit's rate and the upper one's
 * change, half of that gradient's terms, and does not tend to it. Weights of the clamped input and biases have one changing unit: theirs are the same.
 *
 * <p>Bengio and Fischer (2015), arXiv 1510.02777; symmetrised: Scellier and Bengio (2017), arXiv 1602.05179.
 *
 * @param side of β, one or random
 * @param beta β, positive
 * @param steps of the nudged phase
 * @param symmetric whether the rule is symmetrised
 */
public record SpikeTiming(Side side, double beta, int steps, boolean symmetric) implements EnergyGradient {
    public static final String TYPE = "spike-timing";

    static SpikeTiming read(Section section) {
        Side side = section.choice("side", Side.RANDOM);
        if (side == Side.BOTH) {
            throw section.wrong(
                    "side", "one or random: the rule follows one nudged phase from the free fixed point on");
        }
        return new SpikeTiming(
                side,
                section.number("beta", 1, Range.POSITIVE),
                section.integer("steps", 4, 1, Integer.MAX_VALUE),
                section.flag("symmetric", true));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("side", Section.name(side));
        keys.put("beta", beta);
        keys.put("steps", steps);
        keys.put("symmetric", symmetric);
        return keys;
    }

    @Override
    public boolean followsTime() {
        return true;
    }

    @Override
    public boolean sumsProducts() {
        return true;
    }

    @Override
    public void compute(Relaxation relaxation, Matrix targets, int sign, Contrast out) {
        float nudge = (float) (side == Side.RANDOM ? sign * beta : beta);
        int rows = relaxation.rows();
        Matrix[] rates = out.b(0);
        Matrix[] changes = out.changes();
        Contrast.takeStates(relaxation, out.a(0));
        out.clearProducts();
        for (int t = 0; t < steps; t++) {
            Contrast.takeRates(relaxation, rates);
            relaxation.keep();
            relaxation.nudge(1, nudge, targets);
            relaxation.changes(changes);
            for (int l = 0; l < changes.length - 1; l++) {
                out.addProduct(l, -1f, rates[l], changes[l + 1], rows);
                if (symmetric) {
                    out.addProduct(l, -1f, changes[l], rates[l + 1], rows);
                }
            }
        }
        Contrast.takeStates(relaxation, out.b(0));
        out.setFactor(0, 1f / nudge);
    }
}

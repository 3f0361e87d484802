package org.coinflip.model.energy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * Equilibrium propagation: the outputs are nudged towards their targets by β, the network relaxes to s^β, and
 * {@code ∂J/∂θ = lim_{β→0} (∂F/∂θ(s^β) − ∂F/∂θ(s⁰)) / β}, {@code F = E + βC}. Bias of a fixed point's estimate: O(β) from one side, the
 * same with a random sign but its first order 0 on average, O(β²) from both, {@code (∂F/∂θ(s^β) − ∂F/∂θ(s^−β)) / 2β}. Cost: one
 * nudged phase, from both sides two.
 *
 * <p>Scellier and Bengio (2017), arXiv 1602.05179; from both sides: Laborieux et al. (2021), arXiv 2006.03824.
 *
 * @param side from which the limit is approached
 * @param beta β, positive
 * @param steps of a nudged phase
 */
public record EquilibriumPropagation(Side side, double beta, int steps) implements EnergyGradient {
    public static final String TYPE = "equilibrium-propagation";

    /** Signs of β. */
    public enum Side {
        /** β. */
        ONE,
        /** β or −β, drawn for each batch. */
        RANDOM,
        /** β and −β. */
        BOTH
    }

    static EquilibriumPropagation read(Section section) {
        return new EquilibriumPropagation(
                section.choice("side", Side.RANDOM),
                section.number("beta", 1, Range.POSITIVE),
                section.integer("steps", 4, 1, Integer.MAX_VALUE));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("side", Section.name(side));
        keys.put("beta", beta);
        keys.put("steps", steps);
        return keys;
    }

    @Override
    public void compute(Relaxation relaxation, Matrix targets, int sign, Contrast out) {
        float nudge = (float) (side == Side.RANDOM ? sign * beta : beta);
        if (side == Side.BOTH) {
            relaxation.keep();
            relaxation.nudge(steps, -nudge, targets);
            out.takeA(relaxation);
            relaxation.restore();
        } else {
            out.takeA(relaxation);
        }
        relaxation.nudge(steps, nudge, targets);
        out.takeB(relaxation);
        out.setFactor(1f / (side == Side.BOTH ? 2 * nudge : nudge));
    }
}

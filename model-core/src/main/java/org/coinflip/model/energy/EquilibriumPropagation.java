package org.coinflip.model.energy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * Equilibrium propagation: the outputs are nudged towards their targets by β, the network relaxes to s^β, and
 * {@code ∂J/∂θ = lim_{β→0} (∂F/∂θ(s^β) − ∂F/∂θ(s⁰)) / β}, {@code F = E + βC}. Bias of a fixed point's estimate: O(β) from one side, the
 * same with a random sign but its first order 0 on average, O(β²) from both, {@code (∂F/∂θ(s^β) − ∂F/∂θ(s^−β)) / 2β}, and O(β⁴) from both
 * at four points, {@code (8 (D(β/2) − D(−β/2)) − (D(β) − D(−β))) / 6β} with D = ∂F/∂θ(s^·), the central difference of fourth order. Cost: one
 * nudged phase; from both sides two, or four.
 *
 * <p>Scellier and Bengio (2017), arXiv 1602.05179; from both sides: Laborieux et al. (2021), arXiv 2006.03824.
 *
 * @param side from which the limit is approached
 * @param beta β, positive
 * @param steps of a nudged phase
 * @param points nudges from both sides, 2 or 4; otherwise 1
 */
public record EquilibriumPropagation(Side side, double beta, int steps, int points) implements EnergyGradient {
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
        Side side = section.choice("side", Side.RANDOM);
        int points = section.integer("points", side == Side.BOTH ? 2 : 1, 1, 4);
        if (side == Side.BOTH ? points % 2 != 0 : points != 1) {
            throw section.wrong("points", side == Side.BOTH ? "2 or 4 from both sides" : "1, or side = both");
        }
        return new EquilibriumPropagation(
                side,
                section.number("beta", 1, Range.POSITIVE),
                section.integer("steps", 4, 1, Integer.MAX_VALUE),
                points);
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("side", Section.name(side));
        keys.put("beta", beta);
        keys.put("steps", steps);
        keys.put("points", points);
        return keys;
    }

    @Override
    public int pairs() {
        return points == 4 ? 2 : 1;
    }

    @Override
    public void compute(Relaxation relaxation, Matrix targets, int sign, Contrast out) {
        if (side != Side.BOTH) {
            float nudge = (float) (side == Side.RANDOM ? sign * beta : beta);
            Contrast.takeRates(relaxation, out.a(0));
            relaxation.nudge(steps, nudge, targets);
            Contrast.takeRates(relaxation, out.b(0));
            out.setFactor(0, 1f / nudge);
            return;
        }
        float nudge = (float) beta;
        relaxation.keep();
        contrast(relaxation, targets, nudge, out, 0);
        if (points == 4) {
            relaxation.restore();
            contrast(relaxation, targets, nudge / 2, out, 1);
            out.setFactor(0, -1f / (6 * nudge));
            out.setFactor(1, 8f / (6 * nudge));
        } else {
            out.setFactor(0, 1f / (2 * nudge));
        }
    }

    /** The rates under the nudges −β and β, each from the states that were kept. */
    private void contrast(Relaxation relaxation, Matrix targets, float nudge, Contrast out, int pair) {
        relaxation.nudge(steps, -nudge, targets);
        Contrast.takeRates(relaxation, out.a(pair));
        relaxation.restore();
        relaxation.nudge(steps, nudge, targets);
        Contrast.takeRates(relaxation, out.b(pair));
    }
}

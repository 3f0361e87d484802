package org.coinflip.model.energy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Section;

/**
 * Contrastive Hebbian learning: the outputs are clamped to their targets, not nudged, and the rule is
 * {@code ρρᵀ(free) − ρρᵀ(clamped)}: the gradient of the difference of the two energies, not of J. It vanishes where J does.
 *
 * <p>Movellan (1991), "Contrastive Hebbian learning in the continuous Hopfield model".
 *
 * @param steps of the clamped phase
 */
public record ContrastiveHebbian(int steps) implements EnergyGradient {
    public static final String TYPE = "contrastive-hebbian";

    static ContrastiveHebbian read(Section section) {
        if (section.config().hasPath("beta")) {
            throw section.wrong(
                    "beta", "no beta: contrastive-hebbian clamps the outputs, and what is clamped cannot be nudged");
        }
        return new ContrastiveHebbian(section.integer("steps", 4, 1, Integer.MAX_VALUE));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("steps", steps);
        return keys;
    }

    @Override
    public boolean clamps() {
        return true;
    }

    @Override
    public void compute(Relaxation relaxation, Matrix targets, int sign, Contrast out) {
        Contrast.takeRates(relaxation, out.a(0));
        relaxation.clamp(steps, targets);
        Contrast.takeRates(relaxation, out.b(0));
        out.setFactor(0, 1f);
    }
}

package org.coinflip.model.estimator;

import java.util.Map;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Temperature;

/**
 * Straight-through Gumbel-softmax of binary units: the sample b = 1[z > 0] goes up, z = a + logistic noise, and the derivative of the
 * Concrete unit y = σ(z/τ) of the same noise comes back, {@code g_i = ∂L/∂b_i · y_i (1 − y_i) / τ}. Biased at every temperature; as τ
 * falls its variance grows. Cost: one evaluation and its gradient.
 *
 * <p>Jang, Gu, Poole (2017), "Categorical reparameterization with Gumbel-softmax".
 *
 * @param temperature τ
 */
public record StraightThroughConcrete(Temperature temperature) implements ForBinaryUnits {
    public static final String TYPE = "straight-through-concrete";

    static StraightThroughConcrete read(Section section) {
        return new StraightThroughConcrete(Temperature.read(section, "temperature", 1));
    }

    @Override
    public boolean needsGradient() {
        return true;
    }

    @Override
    public Estimation at(Site site) {
        Matrix noise = Matrix.padded(site.logits().rows(), site.width());
        return here -> {
            // The numbers that drew the bits, again.
            here.backend().sampling().logistic(here.draws(), here.draw(0), here.rows(), noise);
            double now = temperature.at(here.context().progress());
            here.backend()
                    .elementwise()
                    .multiplyByRelaxedSlope(here.logits(), noise, (float) now, here.logitGradient(), here.rows());
        };
    }

    @Override
    public Claims claims() {
        return new Claims(
                "f'(b) y (1−y) / τ, y = σ(z/τ)",
                Bias.PRESENT,
                Cost.of(1, 1),
                "as straight-through; bias against variance by τ",
                "Jang, Gu, Poole 2017");
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "temperature", temperature.write());
    }
}

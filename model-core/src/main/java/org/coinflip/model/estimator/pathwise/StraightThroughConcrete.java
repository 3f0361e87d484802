package org.coinflip.model.estimator.pathwise;

import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForDiscreteUnits;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.kernel.Categories;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Annealed;
import org.coinflip.model.unit.CategoricalConcrete;

/**
 * Straight-through Gumbel-softmax of binary units: the sample b = 1[z > 0] goes up, z = a + logistic noise, and the derivative of the
 * Concrete unit y = σ(z/τ) of the same noise comes back, {@code g_i = ∂L/∂b_i · y_i (1 − y_i) / τ}; of categorical units, with
 * y = softmax((a + G)/τ), {@code g = (diag y − y yᵀ) ∂L/∂b / τ}. Biased at every temperature; as τ falls its variance grows. Cost: one evaluation and its gradient.
 *
 * <p>Jang, Gu, Poole (2017), "Categorical reparameterization with Gumbel-softmax".
 *
 * @param temperature τ
 */
public record StraightThroughConcrete(Annealed temperature) implements ForDiscreteUnits {
    public static final String TYPE = "straight-through-concrete";

    public static StraightThroughConcrete read(Section section) {
        return new StraightThroughConcrete(Annealed.temperature(section, 1));
    }

    @Override
    public boolean needsGradient() {
        return true;
    }

    @Override
    public Estimation at(Site site) {
        Matrix noise = Matrix.padded(site.logits().rows(), site.width());
        if (site.law().isBinary()) {
            return here -> multiplyBySlope(here, noise);
        }
        Matrix weights = Matrix.padded(site.logits().rows(), site.width());
        return here -> multiplyByJacobian(here, noise, weights);
    }

    private void multiplyBySlope(Site site, Matrix noise) {
        double now = temperature.at(site.context().progress());
        // The numbers that drew the bits, again.
        site.backend().sampling().logistic(site.draws(), site.draw(0), site.rows(), noise);
        site.backend()
                .unitGradients()
                .multiplyByRelaxedSlope(site.logits(), noise, (float) now, site.logitGradient(), site.rows());
    }

    private void multiplyByJacobian(Site site, Matrix relaxed, Matrix weights) {
        int categories = site.law().columnsPerUnit();
        double now = temperature.at(site.context().progress());
        CategoricalConcrete.relax(
                site.backend(),
                categories,
                now,
                site.logits(),
                site.draws(),
                site.draw(0),
                site.rows(),
                relaxed,
                weights);
        Categories.multiplyByJacobian(weights, relaxed, categories, site.rows(), site.logitGradient());
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

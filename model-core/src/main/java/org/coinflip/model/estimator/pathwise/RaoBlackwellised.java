package org.coinflip.model.estimator.pathwise;

import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForDiscreteUnits;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Annealed;

/**
 * Rao-Blackwellised straight-through Gumbel-softmax: {@link StraightThroughConcrete}'s slope, averaged over K draws of the noise given the
 * sample it drew. For a sample of category i, with exponential numbers E, {@code a_i + G_i = log Z − log E_i} and
 * {@code a_j + G_j = −log(E_j e^(−a_j) + E_i / Z)}, Z = Σ eᵃ; and {@code g = 1/K Σ_k (diag yᵏ − yᵏ yᵏᵀ) ∂L/∂b / τ}, yᵏ = softmax((a + Gᵏ)/τ). For binary
 * units the difference of two such is {@code Rebar}'s relaxed sample given the bit. The same mean, and so the same bias, with less
 * variance. Cost: one evaluation and its gradient, K slopes.
 *
 * <p>Paulus, Maddison, Krause (2021), "Rao-Blackwellizing the straight-through Gumbel-softmax gradient estimator".
 *
 * @param temperature τ
 * @param draws K
 */
public record RaoBlackwellised(Annealed temperature, int draws) implements ForDiscreteUnits {
    public static final String TYPE = "rao-blackwellised";

    static final int MOST_DRAWS = 1000;

    public static RaoBlackwellised read(Section section) {
        return new RaoBlackwellised(Annealed.temperature(section, 1), section.integer("draws", 10, 1, MOST_DRAWS));
    }

    @Override
    public boolean needsGradient() {
        return true;
    }

    @Override
    public Estimation at(Site site) {
        ConditionalSlopes slopes = new ConditionalSlopes(site, draws, false, 0);
        return here -> slopes.multiply(here, temperature.at(here.context().progress()), here.logitGradient());
    }

    @Override
    public Claims claims() {
        return new Claims(
                "1/K Σ_k J(yᵏ) f'(b) / τ, yᵏ = softmax((a + Gᵏ)/τ), Gᵏ drawn given b",
                Bias.PRESENT,
                Cost.of(1, 1),
                "straight-through-concrete with less variance where gradients cost more than slopes",
                "Paulus, Maddison, Krause 2021");
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "temperature", temperature.write(), "draws", draws);
    }
}

package org.coinflip.model.estimator.pathwise;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForDiscreteUnits;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.kernel.Categories;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Annealed;

/**
 * ReinMax-Rao: {@link ReinMax} with the first of its two Jacobians relaxed, {@code g = 2 GR_K(log π_D, τ) − ½ J(π) f'(D)}, π_D = (π + D)/2, J(q) = diag q − q qᵀ, GR_K
 * the {@link RaoBlackwellised} slope with π_D in the place of π and K draws. Biased, also for quadratic losses; the
 * paper's other variant, {@link ReinMaxCv}, is not. Cost: one evaluation and its gradient, K slopes.
 *
 * <p>Wang and Bui, arXiv 2603.08257; the factor 2 is the authors' code's.
 *
 * @param temperature τ
 * @param draws K
 */
public record ReinMaxRao(Annealed temperature, int draws) implements ForDiscreteUnits {
    public static final String TYPE = "reinmax-rao";

    public static ReinMaxRao read(Section section) {
        return new ReinMaxRao(
                Annealed.temperature(section, 0.7), section.integer("draws", 32, 1, RaoBlackwellised.MOST_DRAWS));
    }

    @Override
    public boolean needsGradient() {
        return true;
    }

    @Override
    public Estimation at(Site site) {
        ConditionalSlopes slopes = new ConditionalSlopes(site, draws, true, 0);
        Matrix flat = Matrix.padded(site.logits().rows(), site.width());
        return here -> {
            Matrix g = here.logitGradient();
            flat.setRows(0, g, 0, here.rows());
            slopes.multiply(here, temperature.at(here.context().progress()), g);
            if (here.law().isBinary()) {
                here.backend()
                        .elementwise()
                        .activationGradient(Activation.SIGMOID, here.probabilities(), flat, here.rows());
            } else {
                Categories.multiplyByJacobian(
                        here.probabilities(), here.probabilities(), here.law().columnsPerUnit(), here.rows(), flat);
            }
            combine(here, flat);
        };
    }

    private static void combine(Site site, Matrix flat) {
        for (int r = 0; r < site.rows(); r++) {
            for (int j = 0; j < site.width(); j++) {
                float relaxed = site.logitGradient().get(r, j);
                site.logitGradient().set(r, j, 2f * relaxed - 0.5f * flat.get(r, j));
            }
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                "2 GR_K(log (π+D)/2, τ) − ½ J(π) f'(D)",
                Bias.PRESENT,
                Cost.of(1, 1),
                "as reinmax where its variance is the concern",
                "Wang and Bui 2026");
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("temperature", temperature.write());
        keys.put("draws", draws);
        return keys;
    }
}

package org.coinflip.model.estimator.pathwise;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForDiscreteUnits;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Annealed;

/**
 * ReinMax-CV: {@link ReinMax} and a control variate of relaxed slopes, {@code g = ReinMax + η (GR_K(log π_D, τ) − ST(log π_D, τ))}, π_D = (π + D)/2, GR_K the {@link RaoBlackwellised} slope with
 * π_D in the place of π and K draws, ST one more such draw, of the straight-through Gumbel-softmax. Both have the same mean given the sample, so that the mean is ReinMax's for every η: exact for losses
 * quadratic in each unit, biased otherwise. ReinMax at τ = 1 is a function of the sample, which the difference is not correlated with: of one layer it has ReinMax's
 * variance and {@code η² (1 + 1/K)} times that of a slope given the sample. Cost: one evaluation and its gradient, K + 1 slopes.
 *
 * <p>Wang and Bui, arXiv 2603.08257; η, τ and K the authors' code's.
 *
 * @param temperature τ
 * @param draws K
 * @param scale η
 */
public record ReinMaxCv(Annealed temperature, int draws, double scale) implements ForDiscreteUnits {
    public static final String TYPE = "reinmax-cv";

    public static ReinMaxCv read(Section section) {
        return new ReinMaxCv(
                Annealed.temperature(section, 0.7),
                section.integer("draws", 32, 1, RaoBlackwellised.MOST_DRAWS),
                section.number("scale", 1.5, Range.NOT_NEGATIVE));
    }

    @Override
    public boolean needsGradient() {
        return true;
    }

    @Override
    public Estimation at(Site site) {
        Estimation heun = new ReinMax(Annealed.constant(1)).at(site);
        ConditionalSlopes many = new ConditionalSlopes(site, draws, true, 0);
        ConditionalSlopes one = new ConditionalSlopes(site, 1, true, 1);
        Matrix mean = Matrix.padded(site.logits().rows(), site.width());
        Matrix noisy = Matrix.padded(site.logits().rows(), site.width());
        return here -> {
            mean.setRows(0, here.logitGradient(), 0, here.rows());
            noisy.setRows(0, here.logitGradient(), 0, here.rows());
            double now = temperature.at(here.context().progress());
            many.multiply(here, now, mean);
            one.multiply(here, now, noisy);
            heun.estimate(here);
            add(here, mean, noisy);
        };
    }

    private void add(Site site, Matrix mean, Matrix noisy) {
        float eta = (float) scale;
        for (int r = 0; r < site.rows(); r++) {
            for (int j = 0; j < site.width(); j++) {
                float difference = mean.get(r, j) - noisy.get(r, j);
                site.logitGradient().set(r, j, site.logitGradient().get(r, j) + eta * difference);
            }
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                "ReinMax + η (GR_K(log (π+D)/2, τ) − ST(log (π+D)/2, τ))",
                Bias.BEYOND_QUADRATIC,
                Cost.of(1, 1),
                "to compare with; its variance is never less than reinmax's",
                "Wang and Bui 2026");
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("temperature", temperature.write());
        keys.put("draws", draws);
        keys.put("scale", scale);
        return keys;
    }
}

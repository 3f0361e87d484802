package org.coinflip.model.estimator.pathwise;

import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForDiscreteUnits;
import org.coinflip.model.estimator.OneUnit;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.kernel.Categories;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Annealed;

/**
 * ReinMax: Heun's second-order rule in the place of the first-order one of straight-through,
 * {@code g = 2 J((π_τ + D)/2) f'(D) − ½ J(π) f'(D)}, J(q) = diag q − q qᵀ, D the one-hot sample, π = softmax(a), π_τ = softmax(a/τ). At τ = 1 it is
 * exact in the mean for linear and quadratic losses of each unit, biased otherwise; a higher τ trades bias for variance. Binary units
 * are two categories with logits (a, 0), for which it is {@link Half} sample by sample where τ = 1. Cost: one evaluation and its
 * gradient.
 *
 * <p>Liu, Dong, Liu, Yu, Gao (2023), "Bridging discrete and backpropagation: straight-through and beyond".
 *
 * @param temperature τ, at least 1
 */
public record ReinMax(Annealed temperature) implements ForDiscreteUnits {
    public static final String TYPE = "reinmax";

    private static final Range TEMPERATURES = new Range(1, true, 1000, true);

    public static ReinMax read(Section section) {
        return new ReinMax(Annealed.read(section, "temperature", 1, TEMPERATURES));
    }

    @Override
    public boolean needsGradient() {
        return true;
    }

    @Override
    public Estimation at(Site site) {
        if (!site.law().isBinary()) {
            Matrix flat = Matrix.padded(site.logits().rows(), site.width());
            return here -> estimateCategories(here, flat);
        }
        return temperature.equals(Annealed.constant(1)) ? Half::estimate : this::estimateBits;
    }

    private void estimateCategories(Site site, Matrix flat) {
        int categories = site.law().columnsPerUnit();
        float inverse = (float) (1 / temperature.at(site.context().progress()));
        Categories.softmax(site.logits(), inverse, categories, site.rows(), flat);
        for (int r = 0; r < site.rows(); r++) {
            for (int from = 0; from < site.width(); from += categories) {
                estimateUnit(site, flat, r, from, from + categories);
            }
        }
    }

    private static void estimateUnit(Site site, Matrix flat, int row, int from, int to) {
        Matrix g = site.logitGradient();
        float mean = 0f;
        float middle = 0f;
        for (int j = from; j < to; j++) {
            mean += site.probabilities().get(row, j) * g.get(row, j);
            middle += (flat.get(row, j) + site.samples().get(row, j)) / 2f * g.get(row, j);
        }
        for (int j = from; j < to; j++) {
            float p = site.probabilities().get(row, j);
            float q = (flat.get(row, j) + site.samples().get(row, j)) / 2f;
            g.set(row, j, 2f * q * (g.get(row, j) - middle) - 0.5f * p * (g.get(row, j) - mean));
        }
    }

    private void estimateBits(Site site) {
        double inverse = 1 / temperature.at(site.context().progress());
        for (int r = 0; r < site.rows(); r++) {
            for (int j = 0; j < site.width(); j++) {
                double p = site.probabilities().get(r, j);
                double flat = 1 / (1 + StrictMath.exp(-site.logits().get(r, j) * inverse));
                double q = (flat + site.samples().get(r, j)) / 2;
                double factor = 2 * q * (1 - q) - 0.5 * p * (1 - p);
                site.logitGradient()
                        .set(r, j, (float) (factor * site.logitGradient().get(r, j)));
            }
        }
    }

    @Override
    public Claims claims() {
        boolean heun = temperature.equals(Annealed.constant(1));
        return new Claims(
                        "2 J((π_τ+D)/2) f'(D) − ½ J(π) f'(D)",
                        heun ? Bias.BEYOND_QUADRATIC : Bias.PRESENT,
                        Cost.of(1, 1),
                        "smooth losses of binary or categorical units; exact for quadratics at τ = 1",
                        "Liu, Dong, Liu, Yu, Gao 2023")
                .withVariance(unit -> unit.variance(
                        factor(unit, 1) * unit.slope().applyAsDouble(1),
                        factor(unit, 0) * unit.slope().applyAsDouble(0)));
    }

    /** What a bit's gradient is multiplied by at the start of training. */
    private double factor(OneUnit unit, double bit) {
        double flat = 1 / (1 + StrictMath.exp(-unit.logit() / temperature.at(0)));
        double middle = (flat + bit) / 2;
        return 2 * middle * (1 - middle) - unit.spread() / 2;
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "temperature", temperature.write());
    }
}

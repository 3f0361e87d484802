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
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Annealed;

/**
 * Gapped straight-through: the logits are shifted, without noise, until the sampled category leads by a gap,
 * {@code ã_i = max a} for the sample and {@code ã_j = min(a_j, max a − gap)} for the others, and the softmax of ã stands for the sample in the
 * backward pass, {@code g = (diag y − y yᵀ) ∂L/∂b / τ}, y = softmax(ã/τ). Binary units are two categories with logits (a, 0):
 * {@code g_i = ∂L/∂b_i · y (1 − y) / τ}, y = σ(m/τ), m the logit of the value taken against the other, at least the gap. Biased; the slope has no
 * noise besides the sample's. Cost: one evaluation and its gradient.
 *
 * <p>Fan, Chi, Rudnicky, Ramadge (2022), "Training discrete deep generative models via gapped straight-through estimator".
 *
 * @param gap in logits, where it is constant
 * @param gapOf what it is
 * @param temperature τ
 */
public record Gapped(double gap, GapOf gapOf, Annealed temperature) implements ForDiscreteUnits {
    public static final String TYPE = "gapped";

    /** What the gap is. */
    public enum GapOf {
        /** The same number always. */
        CONSTANT,
        /** {@code −log(1 − π)/π}, π the probability of the value taken: 1 for rare ones, more for likely ones (GST-p). */
        PROBABILITY
    }

    public static Gapped read(Section section) {
        GapOf gapOf = section.choice("gap-of", GapOf.CONSTANT);
        return new Gapped(
                gapOf == GapOf.CONSTANT ? section.number("gap", 1, Range.NOT_NEGATIVE) : 1,
                gapOf,
                Annealed.temperature(section, 1));
    }

    /** The gap of a value with this probability. */
    private double gap(double probability) {
        if (gapOf == GapOf.CONSTANT) {
            return gap;
        }
        double p = Math.max(probability, Float.MIN_NORMAL);
        return -StrictMath.log1p(-p) / p;
    }

    @Override
    public boolean needsGradient() {
        return true;
    }

    @Override
    public Estimation at(Site site) {
        if (site.law().isBinary()) {
            return this::multiplyBits;
        }
        Matrix shifted = Matrix.padded(site.logits().rows(), site.width());
        return here -> multiplyCategories(here, shifted);
    }

    private void multiplyBits(Site site) {
        double now = temperature.at(site.context().progress());
        for (int r = 0; r < site.rows(); r++) {
            for (int j = 0; j < site.width(); j++) {
                double a = site.logits().get(r, j);
                double slope = slope(site.samples().get(r, j) != 0f ? a : -a, now);
                site.logitGradient()
                        .set(r, j, (float) (slope * site.logitGradient().get(r, j)));
            }
        }
    }

    /** @param logit of the value taken against the other */
    private double slope(double logit, double now) {
        double odds = StrictMath.exp(-Math.max(gap(1 / (1 + StrictMath.exp(-logit))), logit) / now);
        return odds / ((1 + odds) * (1 + odds)) / now;
    }

    private void multiplyCategories(Site site, Matrix shifted) {
        int categories = site.law().columnsPerUnit();
        for (int r = 0; r < site.rows(); r++) {
            for (int from = 0; from < site.width(); from += categories) {
                shift(site, r, from, from + categories, shifted);
            }
        }
        float inverse = (float) (1 / temperature.at(site.context().progress()));
        Categories.softmax(shifted, inverse, categories, site.rows(), shifted);
        Categories.multiplyByJacobian(shifted, shifted, categories, site.rows(), site.logitGradient());
        Categories.multiply(site.logitGradient(), inverse, site.rows(), site.logitGradient());
    }

    private void shift(Site site, int row, int from, int to, Matrix shifted) {
        float greatest = Float.NEGATIVE_INFINITY;
        float probability = 0f;
        for (int j = from; j < to; j++) {
            greatest = Math.max(greatest, site.logits().get(row, j));
            probability = Math.max(
                    probability,
                    site.samples().get(row, j) * site.probabilities().get(row, j));
        }
        float most = greatest - (float) gap(probability);
        for (int j = from; j < to; j++) {
            boolean taken = site.samples().get(row, j) != 0f;
            shifted.set(row, j, taken ? greatest : Math.min(site.logits().get(row, j), most));
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                        "J(softmax(ã/τ)) f'(b) / τ, ã = a shifted until b leads by the gap",
                        Bias.PRESENT,
                        Cost.of(1, 1),
                        "as straight-through-concrete, without noise in the slope",
                        "Fan, Chi, Rudnicky, Ramadge 2022")
                .withVariance(unit -> unit.variance(
                        slope(unit.logit(), temperature.at(0)) * unit.slope().applyAsDouble(1),
                        slope(-unit.logit(), temperature.at(0)) * unit.slope().applyAsDouble(0)));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        if (gapOf == GapOf.CONSTANT) {
            keys.put("gap", gap);
        }
        keys.put("gap-of", Section.name(gapOf));
        keys.put("temperature", temperature.write());
        return keys;
    }
}

package org.coinflip.model.estimator;

import java.util.List;
import java.util.Map;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.UnitLaw;

/**
 * The unbiased estimator of a binary unit, {@code g_i = (h_i − σ(a_i)) (L − L̄_i)}: the loss alone is broadcast, no gradient passes from
 * above. L̄ is 0, or one constant a unit that makes the variance least, estimated by running means over the batches before
 * {@code L̄_i = Σ (h_i − p_i)² L / Σ (h_i − p_i)²}, which keeps the estimator unbiased. Cost: one evaluation, no gradient.
 *
 * <p>Bengio (2013), arXiv 1305.2982; Bengio, Léonard, Courville (2013), arXiv 1308.3432, Theorem 1 and its corollary. It is REINFORCE
 * (Williams 1992) for a logistic unit. A unit that has been certain for so long that Σ (h_i − p_i)² is zero has the baseline 0.
 *
 * @param baseline what is subtracted from the loss
 * @param kappa what the running means keep of their value at each batch, in [0, 1)
 * @param scale factor on the estimate, the authors' {@code stoch_grad_coeff}; 1 is unbiased
 */
public record Reinforce(Baseline baseline, double kappa, double scale) implements GradientEstimator {
    public static final String TYPE = "reinforce";

    private static final String NUMERATOR = "baseline-numerator";
    private static final String DENOMINATOR = "baseline-denominator";

    /** Both running means start here, so that the first baseline is 1. */
    private static final float INITIAL = 1e-6f;

    /** Baselines. */
    public enum Baseline {
        NONE,
        /** The constant of each unit that makes its variance least. */
        MINIMUM_VARIANCE
    }

    static Reinforce read(Section section) {
        return new Reinforce(
                section.choice("baseline", Baseline.MINIMUM_VARIANCE),
                section.number("kappa", 0.9, Range.BELOW_ONE),
                section.number("scale", 1, Range.POSITIVE));
    }

    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public boolean suits(UnitLaw law) {
        return law.isBinary();
    }

    @Override
    public String serves() {
        return "binary units";
    }

    @Override
    public List<String> statistics() {
        return baseline == Baseline.NONE ? List.of() : List.of(NUMERATOR, DENOMINATOR);
    }

    @Override
    public float initial(String statistics) {
        return INITIAL;
    }

    @Override
    public Estimation at(Site site) {
        return new AtSite(site);
    }

    private final class AtSite implements Estimation {
        /** The baseline of each unit. */
        private final Floats constants;

        private final Floats numerator;
        private final Floats denominator;

        AtSite(Site site) {
            constants = Floats.allocate(site.width());
            numerator = baseline == Baseline.NONE ? null : site.statistics(NUMERATOR);
            denominator = baseline == Baseline.NONE ? null : site.statistics(DENOMINATOR);
        }

        @Override
        public void estimate(Site site) {
            if (numerator != null) {
                for (int j = 0; j < site.width(); j++) {
                    constants.set(j, denominator.get(j) > 0 ? numerator.get(j) / denominator.get(j) : 0f);
                }
            }
            site.backend()
                    .elementwise()
                    .scoreTimesSignal(
                            site.samples(),
                            site.probabilities(),
                            site.losses(),
                            (float) scale * site.rowWeight(),
                            constants,
                            site.rows(),
                            site.logitGradient());
        }

        @Override
        public void learn(Site site) {
            if (numerator != null) {
                site.backend()
                        .elementwise()
                        .baselineStatistics(
                                site.samples(),
                                site.probabilities(),
                                site.losses(),
                                site.rows(),
                                (float) kappa,
                                numerator,
                                denominator);
            }
        }
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "baseline", Section.name(baseline), "kappa", kappa, "scale", scale);
    }
}

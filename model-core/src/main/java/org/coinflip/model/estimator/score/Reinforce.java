package org.coinflip.model.estimator.score;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForUnitsWithScore;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * The unbiased estimator of a binary unit, {@code g_i = (h_i − p_i) (L − L̄_i)}, p_i = σ(a_i), and of the columns of a categorical one, p = softmax(a): the loss alone is broadcast, no gradient passes from
 * above. L̄ is 0; or the mean loss; or the constant of each unit that makes its variance least,
 * {@code L̄_i = E[(h_i − p_i)² L] / E[(h_i − p_i)²]}. Both are ratios of running means over the batches before, which keeps the estimator
 * unbiased. Cost: one evaluation, no gradient.
 *
 * <p>Bengio (2013), arXiv 1305.2982; Bengio, Léonard, Courville (2013), arXiv 1308.3432, Theorem 1 and its corollary. It is REINFORCE
 * (Williams 1992) for a logistic unit. A unit that has been certain for so long that Σ (h_i − p_i)² is zero has the baseline 0.
 *
 * @param baseline what is subtracted from the loss
 * @param kappa what the running means keep of their value at each batch, in [0, 1)
 * @param scale factor on the estimate, the authors' {@code stoch_grad_coeff}; 1 is unbiased
 */
public record Reinforce(Baseline baseline, double kappa, double scale) implements ForUnitsWithScore {
    public static final String TYPE = "reinforce";

    private static final String NUMERATOR = "baseline-numerator";
    private static final String DENOMINATOR = "baseline-denominator";

    /** Both running means start here, so that the first baseline is 1. */
    private static final float INITIAL = 1e-6f;

    /** Baselines. */
    public enum Baseline {
        NONE,
        /** The mean loss, the same constant for all units. */
        MOVING_AVERAGE,
        /** The constant of each unit that makes its variance least. */
        MINIMUM_VARIANCE,
        /** A linear function of what the layer is given: {@link Nvil} without normalising. */
        INPUT,
        /** The mean loss of a row's other samples: {@link LeaveOneOut}. */
        LEAVE_ONE_OUT
    }

    /** Reads it, or the estimator that its baseline makes of it. */
    public static GradientEstimator read(Section section) {
        Baseline baseline = section.choice("baseline", Baseline.MINIMUM_VARIANCE);
        return switch (baseline) {
            case INPUT -> Nvil.readLinear(section);
            case LEAVE_ONE_OUT -> LeaveOneOut.read(section);
            default -> new Reinforce(
                    baseline,
                    section.number("kappa", 0.9, Range.BELOW_ONE),
                    section.number("scale", 1, Range.POSITIVE));
        };
    }

    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public boolean takesHeldSamples() {
        return true;
    }

    @Override
    public List<Statistic> statistics(int inputs, int units) {
        return baseline == Baseline.NONE
                ? List.of()
                : List.of(Statistic.vector(NUMERATOR, units, INITIAL), Statistic.vector(DENOMINATOR, units, INITIAL));
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
                    .unitGradients()
                    .scoreTimesSignal(
                            site.samples(),
                            site.probabilities(),
                            site.losses(),
                            (float) scale * site.rowWeight(),
                            constants,
                            site.rows(),
                            site.logitGradient());
            site.law().multiplyByNaturalSlope(site.logits(), site.rows(), site.logitGradient());
        }

        @Override
        public Optional<float[]> baselines(Site site, int sample) {
            return Optional.of(constants.toArray());
        }

        @Override
        public void learn(Site site) {
            if (baseline == Baseline.MOVING_AVERAGE) {
                learnMean(site);
            } else if (numerator != null) {
                site.backend()
                        .unitGradients()
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

        private void learnMean(Site site) {
            float sum = 0f;
            for (int r = 0; r < site.rows(); r++) {
                sum += site.losses()[r];
            }
            float keep = (float) kappa;
            float mean = sum / site.rows();
            for (int j = 0; j < site.width(); j++) {
                numerator.set(j, ScalarMath.fma(mean, 1f - keep, numerator.get(j) * keep));
                denominator.set(j, ScalarMath.fma(1f, 1f - keep, denominator.get(j) * keep));
            }
        }
    }

    @Override
    public Claims claims() {
        Claims claims = new Claims(
                "(h − p) (L − L̄)",
                scale == 1 ? Bias.NONE : Bias.UP_TO_A_FACTOR,
                Cost.of(1, 0),
                "one sample, any loss, rewards; the baseline decides its variance",
                "Williams 1992; Bengio, Léonard, Courville 2013");
        return baseline == Baseline.NONE
                ? claims.withVariance(unit -> unit.variance(
                        scale * (1 - unit.p()) * unit.f().applyAsDouble(1),
                        -scale * unit.p() * unit.f().applyAsDouble(0)))
                : claims;
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "baseline", Section.name(baseline), "kappa", kappa, "scale", scale);
    }
}

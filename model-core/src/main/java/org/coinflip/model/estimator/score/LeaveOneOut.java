package org.coinflip.model.estimator.score;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForUnitsWithScore;
import org.coinflip.model.estimator.SampleDeviations;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.settings.Section;

/**
 * REINFORCE with the leave-one-out baseline (RLOO): K independent samples a row, the baseline of each the mean loss of the others,
 * {@code g_i = 1/(K−1) Σ_k (f(bᵏ) − f̄) (bᵏ_i − p_i)}, in which p drops out as the deviations add up to 0. For K = 2 it is
 * {@code ½ (f(b¹) − f(b²)) (b¹_i − b²_i)}. Unbiased. Cost: K evaluations, no gradient; the layers above learn from all K samples.
 *
 * <p>Salimans and Knowles (2014), "On using control variates with stochastic approximation for variational Bayes"; Kool, van Hoof,
 * Welling (2019), "Buy 4 REINFORCE samples, get a baseline for free!".
 *
 * @param samplesPerRow K, at least 2
 */
public record LeaveOneOut(int samplesPerRow) implements ForUnitsWithScore {
    public static final String TYPE = "rloo";

    public static LeaveOneOut read(Section section) {
        return new LeaveOneOut(SampleDeviations.readSamples(section, 4));
    }

    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public Estimation at(Site site) {
        SampleDeviations deviations = new SampleDeviations(site, samplesPerRow);
        return new Estimation() {
            @Override
            public void estimate(Site here) {
                deviations.estimate(here);
                here.law().multiplyByNaturalSlope(here.logits(), here.rows(), here.logitGradient());
            }

            @Override
            public Optional<float[]> baselines(Site here, int sample) {
                return Optional.of(othersMean(here, sample));
            }
        };
    }

    private float[] othersMean(Site site, int sample) {
        double sum = -site.losses()[sample];
        for (int row = sample % site.rows(); row < samplesPerRow * site.rows(); row += site.rows()) {
            sum += site.losses()[row];
        }
        float[] same = new float[site.width()];
        Arrays.fill(same, (float) (sum / (samplesPerRow - 1)));
        return same;
    }

    @Override
    public Claims claims() {
        return new Claims(
                        "1/(K−1) Σ_k (f(bᵏ) − f̄) bᵏ",
                        Bias.NONE,
                        Cost.of(samplesPerRow, 0),
                        "several samples, every kind of unit",
                        "Salimans and Knowles 2014; Kool et al. 2019")
                .withVariance(unit -> {
                    // Δ² times the variance of the sample variance of K bits
                    double v = unit.spread();
                    int k = samplesPerRow;
                    return StrictMath.pow(unit.difference(), 2) * (v * (1 - 3 * v) - v * v * (k - 3) / (k - 1)) / k;
                });
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "samples", samplesPerRow);
    }
}

package org.coinflip.model.estimator.score;

import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForBinaryUnits;
import org.coinflip.model.estimator.SampleDeviations;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.settings.Section;

/**
 * ARMS: K samples a row that are antithetic in every pair, {@code g_i = 1/((K−1)(1−ρ_i)) Σ_k (f(bᵏ) − f̄) bᵏ_i}, ρ_i the correlation of unit i in two
 * samples. Each unit's K uniform numbers come from a Dirichlet(1, …, 1) vector d, whose parts repel each other: with q = min(p, 1 − p) the
 * rarer value is taken where d_k > 1 − q^(1/(K−1)), in two samples at once with probability max(0, 2 q^(1/(K−1)) − 1)^(K−1), so that ρ is
 * known and not positive. Unbiased; {@link Disarm} where K = 2, and {@link LeaveOneOut} with less variance. Cost: K evaluations, no
 * gradient; the layers above learn from all K samples.
 *
 * <p>Dimitriev and Zhou (2021), "ARMS: antithetic-REINFORCE-multi-sample gradient for binary variables". Taking the rarer value at the
 * copula's sparse end, whichever value that is, makes the estimator symmetric in 0 and 1.
 *
 * @param samplesPerRow K, at least 2
 */
public record Arms(int samplesPerRow) implements ForBinaryUnits {
    public static final String TYPE = "arms";

    public static Arms read(Section section) {
        return new Arms(SampleDeviations.readSamples(section, 4));
    }

    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public Estimation at(Site site) {
        return new AtSite(site);
    }

    /** 1 / (1 − ρ) of a unit with the logit a. */
    static double correction(double logit, int samplesPerRow) {
        double rare = 1 / (1 + StrictMath.exp(Math.abs(logit)));
        // By logarithm and exponential: StrictMath.pow takes four times as long as both.
        double root = StrictMath.exp(StrictMath.log(rare) / (samplesPerRow - 1));
        double both = 1;
        for (int k = 1; k < samplesPerRow; k++) {
            both *= Math.max(0, 2 * root - 1);
        }
        // Not rare (1 − rare) / (rare − both): that has no value where the rarer value never comes.
        return (1 - rare) / (1 - both / Math.max(rare, Double.MIN_NORMAL));
    }

    private final class AtSite extends SampleDeviations {
        AtSite(Site site) {
            super(site, samplesPerRow);
        }

        @Override
        public void sample(Site site) {
            site.backend()
                    .sampling()
                    .dirichletBernoulli(
                            site.logits(),
                            site.biases(),
                            samplesPerRow,
                            site.draws(),
                            site.draw(0),
                            site.rows(),
                            site.probabilities(),
                            site.samples());
        }

        @Override
        public void estimate(Site site) {
            super.estimate(site);
            for (int r = 0; r < site.rows(); r++) {
                for (int j = 0; j < site.width(); j++) {
                    double factor = correction(site.logits().get(r, j), samplesPerRow);
                    site.logitGradient()
                            .set(r, j, (float) (factor * site.logitGradient().get(r, j)));
                }
            }
        }
    }

    @Override
    public Claims claims() {
        Claims claims = new Claims(
                "1/((K−1)(1−ρ)) Σ_k (f(bᵏ) − f̄) bᵏ, each pair antithetic",
                Bias.NONE,
                Cost.of(samplesPerRow, 0),
                "several samples of binary units where only the loss comes back",
                "Dimitriev and Zhou 2021");
        return samplesPerRow == 2 ? claims.withVariance(Disarm::variance) : claims;
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "samples", samplesPerRow);
    }
}

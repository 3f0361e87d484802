package org.coinflip.model.estimator.score;

import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForBinaryUnits;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * Simultaneous perturbation of the logits: {@code g_i = (f₊ − f₋) / (2 c δ_i)}, δ_i = ±1 with even chances, f± the loss with units drawn from
 * a ± c δ by the same noise. Biased by O(c²); in the mean exact where F(a) = E f(b) is quadratic. Cost: three evaluations, one of them the
 * sample's own, whatever D; no gradient.
 *
 * <p>Spall (1992), "Multivariate stochastic approximation using a simultaneous perturbation gradient approximation".
 *
 * @param size c
 */
public record Spsa(double size) implements ForBinaryUnits {
    public static final String TYPE = "spsa";

    public static Spsa read(Section section) {
        return new Spsa(section.number("size", 0.5, Range.POSITIVE));
    }

    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public int probes(int width) {
        return 2;
    }

    @Override
    public Estimation at(Site site) {
        PerturbedUnits units = new PerturbedUnits(site);
        return here -> {
            drawSigns(here, units.perturbations());
            units.evaluate(here, 2);
            divideByPerturbations(here, units.perturbations());
        };
    }

    private void drawSigns(Site site, Matrix perturbations) {
        for (int r = 0; r < site.rows(); r++) {
            int[] words = site.draws().words();
            site.backend().sampling().words(site.draws(), r, site.ownDraw(0), site.width(), words);
            for (int j = 0; j < site.width(); j++) {
                perturbations.set(r, j, (float) (words[j] < 0 ? -size : size));
            }
        }
    }

    private static void divideByPerturbations(Site site, Matrix perturbations) {
        int n = site.rows();
        float[] losses = site.continuation().losses();
        for (int r = 0; r < n; r++) {
            float change = (losses[r] - losses[n + r]) / 2f * site.rowWeight();
            for (int j = 0; j < site.width(); j++) {
                site.logitGradient().set(r, j, change / perturbations.get(r, j));
            }
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                        "(f₊ − f₋) / (2 c δ), δ = ±1",
                        Bias.PRESENT,
                        Cost.of(3, 0),
                        "studies; the cost does not grow with D",
                        "Spall 1992")
                .withVariance(unit -> {
                    // one unit is flipped by c δ with the probability P, and then the estimate is Δ / 2c whatever δ
                    double p = sigmoid(unit.logit() + size) - sigmoid(unit.logit() - size);
                    return StrictMath.pow(unit.difference() / (2 * size), 2) * p * (1 - p);
                });
    }

    private static double sigmoid(double a) {
        return 1 / (1 + StrictMath.exp(-a));
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "size", size);
    }
}

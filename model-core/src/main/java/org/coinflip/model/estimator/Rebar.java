package org.coinflip.model.estimator;

import java.util.Map;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Concrete;

/**
 * REBAR: REINFORCE with the loss of the relaxed sample as its baseline, whose mean is given back by the reparameterisation trick,
 * {@code g = [f(b) − η f(σ_λ(z̃))] (b − p) + η ∂f(σ_λ(z))/∂a − η ∂f(σ_λ(z̃))/∂a}, σ_λ(z) = σ(z/λ). b = 1[z > 0] with z = a + log((1−u)/u); z̃ is
 * drawn again given b from a uniform v of its own, z̃ = log(1 + v/((1−p)(1−v))) where b = 1 and −log(1 + (1−v)/(p v)) where b = 0, and has
 * b's sign. Unbiased for every λ and η, as long as the gradients that come back from stochastic layers above are. Cost: three
 * evaluations, two of them with gradients.
 *
 * <p>Tucker, Mnih, Maddison, Lawson, Sohl-Dickstein (2017), "REBAR: low-variance, unbiased gradient estimates for discrete latent
 * variable models".
 *
 * @param temperature λ
 * @param scale η
 */
public record Rebar(double temperature, double scale) implements ForBinaryUnits {
    public static final String TYPE = "rebar";

    static Rebar read(Section section) {
        return new Rebar(
                section.number("temperature", 0.5, Concrete.TEMPERATURES),
                section.number("scale", 1, Range.NOT_NEGATIVE));
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
    public boolean differentiatesProbes() {
        return true;
    }

    @Override
    public Estimation at(Site site) {
        return new AtSite(site);
    }

    /** z̃, from its own uniform number v. */
    static double conditional(boolean fires, double p, double q, double v) {
        return fires ? Math.log1p(v / (q * (1 - v))) : -Math.log1p((1 - v) / (p * v));
    }

    /** ∂z̃/∂a with v held fixed. */
    static double conditionalSlope(boolean fires, double p, double q, double v) {
        return fires ? p * v / (v + q * (1 - v)) : q * (1 - v) / (p * v + 1 - v);
    }

    private final class AtSite implements Estimation {
        /** ∂σ_λ/∂a at z in the first n rows, at z̃ in the n after. */
        private final Matrix slopes;

        AtSite(Site site) {
            slopes = Matrix.padded(2 * site.logits().rows(), site.width());
        }

        @Override
        public void estimate(Site site) {
            int n = site.rows();
            Continuation f = site.continuation();
            for (int r = 0; r < n; r++) {
                relax(site, r);
            }
            f.evaluate(2);
            f.differentiate();
            for (int r = 0; r < n; r++) {
                double signal = site.losses()[r] - scale * f.losses()[n + r];
                for (int j = 0; j < site.width(); j++) {
                    double score =
                            site.samples().get(r, j) - site.probabilities().get(r, j);
                    double pathwise = f.gradients().get(r, j) * slopes.get(r, j)
                            - f.gradients().get(n + r, j) * slopes.get(n + r, j);
                    double estimate = signal * score + scale * pathwise;
                    site.logitGradient().set(r, j, (float) (estimate * site.rowWeight()));
                }
            }
        }

        /** Writes a row's points and their slopes. */
        private void relax(Site site, int row) {
            int[] us = site.draws().words();
            int[] vs = site.draws().moreWords();
            site.backend().sampling().words(site.draws(), row, site.draw(0), site.width(), us);
            site.backend().sampling().words(site.draws(), row, site.ownDraw(0), site.width(), vs);
            int below = site.rows() + row;
            for (int j = 0; j < site.width(); j++) {
                double a = site.logits().get(row, j);
                double p = 1 / (1 + Math.exp(-a));
                double q = 1 / (1 + Math.exp(a));
                double u = NoiseKey.uniform(us[j]);
                double v = NoiseKey.uniform(vs[j]);
                boolean fires = site.samples().get(row, j) != 0f;
                place(site, row, j, a + Math.log((1 - u) / u), 1);
                place(site, below, j, conditional(fires, p, q, v), conditionalSlope(fires, p, q, v));
            }
        }

        private void place(Site site, int point, int unit, double z, double slope) {
            double odds = Math.exp(-Math.abs(z) / temperature);
            double near = 1 / (1 + odds);
            site.continuation().points().set(point, unit, (float) (z > 0 ? near : odds * near));
            slopes.set(point, unit, (float) (slope * odds * near * near / temperature));
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                "[f(b) − η f(σ_λ(z̃))] (b−p) + η ∂f(σ_λ(z))/∂a − η ∂f(σ_λ(z̃))/∂a",
                Bias.NONE,
                Cost.of(3, 2),
                "smooth losses, no bias",
                "Tucker et al. 2017");
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "temperature", temperature, "scale", scale);
    }
}

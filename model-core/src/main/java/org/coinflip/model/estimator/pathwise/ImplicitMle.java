package org.coinflip.model.estimator.pathwise;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.KOfN;

/**
 * Implicit maximum likelihood (I-MLE), for k of n columns: perturb and choose, {@code b = top-k(a + G)}, G of Gumbel numbers, and the same with the logits moved down the
 * slope, {@code g = (b − top-k(a + G − λ f'(b)))/λ}: what would have to be on instead for the loss to be less. Biased. In training the units are drawn so, successively
 * without replacement, which is not quite the law that they have in use ({@link KOfN}); means and probabilities are the law's. Cost: one evaluation
 * and its gradient.
 *
 * <p>Niepert, Minervini, Franceschi (2021), "Implicit MLE: backpropagating through discrete exponential family distributions", with Gumbel noise in the place of
 * its sums of Gamma numbers.
 *
 * @param step λ
 */
public record ImplicitMle(double step) implements ForSubsets {
    public static final String TYPE = "implicit-mle";

    public static ImplicitMle read(Section section) {
        return new ImplicitMle(section.number("step", 1, Range.POSITIVE));
    }

    @Override
    public Estimation at(Site site) {
        return new AtSite(site);
    }

    private final class AtSite implements Estimation {
        private final KOfN law;
        /** a + G, and then what it chooses. */
        private final Matrix perturbed;

        AtSite(Site site) {
            law = (KOfN) site.law();
            perturbed = Matrix.padded(site.logits().rows(), site.width());
        }

        @Override
        public void sample(Site site) {
            int n = site.rows();
            site.backend().elementwise().activate(Activation.LINEAR, site.logits(), site.biases(), n);
            site.backend().sampling().addGumbel(site.logits(), site.draws(), site.draw(0), n, site.samples());
            KOfN.greatest(site.samples(), law.columns(), law.on(), n);
        }

        @Override
        public void estimate(Site site) {
            int n = site.rows();
            Matrix g = site.logitGradient();
            site.backend().sampling().addGumbel(site.logits(), site.draws(), site.draw(0), n, perturbed);
            float move = (float) (step / site.rowWeight());
            for (int r = 0; r < n; r++) {
                for (int j = 0; j < site.width(); j++) {
                    perturbed.set(r, j, perturbed.get(r, j) - move * g.get(r, j));
                }
            }
            KOfN.greatest(perturbed, law.columns(), law.on(), n);
            float scale = (float) (site.rowWeight() / step);
            for (int r = 0; r < n; r++) {
                for (int j = 0; j < site.width(); j++) {
                    g.set(r, j, scale * (site.samples().get(r, j) - perturbed.get(r, j)));
                }
            }
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                "(b − top-k(a + G − λ f'(b))) / λ, b = top-k(a + G)",
                Bias.PRESENT,
                Cost.of(1, 1),
                "k-of-n units; a step λ that changes what is chosen",
                "Niepert, Minervini, Franceschi 2021");
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("step", step);
        return keys;
    }
}

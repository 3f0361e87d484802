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
 * Node perturbation: Gaussian noise ξ of deviation s on the logits, two-sided {@code g_i = (f₊ − f₋) ξ_i / (2 s²)}, f± the loss with units drawn
 * from a ± ξ; one-sided {@code g_i = (f₊ − f(b)) ξ_i / s²}. All are drawn by the same noise. Its mean is the gradient of the Gaussian-smoothed
 * F(a) = E f(b): biased by O(s²). Cost: three evaluations, of one side two; no gradient.
 *
 * <p>Fiete and Seung (2006), "Gradient learning in spiking neural networks by dynamic perturbation of conductances".
 *
 * @param deviation s
 * @param twoSided whether a − ξ is tried too
 */
public record NodePerturbation(double deviation, boolean twoSided) implements ForBinaryUnits {
    public static final String TYPE = "node-perturbation";

    public static NodePerturbation read(Section section) {
        return new NodePerturbation(section.number("std", 0.5, Range.POSITIVE), section.flag("two-sided", true));
    }

    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public int probes(int width) {
        return twoSided ? 2 : 1;
    }

    @Override
    public Estimation at(Site site) {
        PerturbedUnits units = new PerturbedUnits(site);
        return here -> {
            here.backend()
                    .sampling()
                    .gaussian((float) deviation, here.draws(), here.ownDraw(0), here.rows(), units.perturbations());
            units.evaluate(here, probes(here.width()));
            multiplyByPerturbations(here, units.perturbations());
        };
    }

    private void multiplyByPerturbations(Site site, Matrix perturbations) {
        int n = site.rows();
        float[] losses = site.continuation().losses();
        double scale = site.rowWeight() / (deviation * deviation);
        for (int r = 0; r < n; r++) {
            double change = twoSided ? (losses[r] - losses[n + r]) / 2 : losses[r] - site.losses()[r];
            for (int j = 0; j < site.width(); j++) {
                site.logitGradient().set(r, j, (float) (scale * change * perturbations.get(r, j)));
            }
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                twoSided ? "(f₊ − f₋) ξ / (2 s²), ξ ~ N(0, s²)" : "(f₊ − f(b)) ξ / s², ξ ~ N(0, s²)",
                Bias.PRESENT,
                Cost.of(twoSided ? 3 : 2, 0),
                "studies of neural learning",
                "Fiete and Seung 2006");
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "std", deviation, "two-sided", twoSided);
    }
}

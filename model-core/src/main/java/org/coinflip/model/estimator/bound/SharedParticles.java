package org.coinflip.model.estimator.bound;

import java.util.Map;
import java.util.Optional;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.SampleDeviations;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.unit.UnitLaw;

/**
 * An estimator of the K-sample bound at a layer above the one that draws its K samples. The samples are particles, each drawn on through the layers: such a layer
 * draws one sample of each, {@code log w_k = log p(x, h¹, h², …) − log q(h¹ | x) − log q(h² | h¹) − …}, and its estimate of particle k is {@code c_k (b − p)}, c_k what
 * a sample's score counts in the bound: the same at every layer, as the score of a particle is the sum of its layers' scores and what c_k takes for its
 * weight is made of the other particles alone.
 *
 * <p>Mnih and Rezende (2016), "Variational inference for Monte Carlo objectives", whose networks have several such layers.
 *
 * @param bound the estimator, as it is written
 */
public record SharedParticles(GradientEstimator bound) implements GradientEstimator {
    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public boolean takesGivenLoss(int units) {
        return bound.takesGivenLoss(units);
    }

    @Override
    public boolean suits(UnitLaw law) {
        return bound.suits(law);
    }

    @Override
    public String serves() {
        return bound.serves();
    }

    @Override
    public Optional<GradientEstimator> ofParticles() {
        return bound.ofParticles();
    }

    @Override
    public Estimation at(Site site) {
        float[] weights = new float[site.samples().rows()];
        return here -> {
            float[] scores = here.context().scores(here.hasPrior());
            for (int r = 0; r < here.rows(); r++) {
                // a row counts 1/K in its example's loss, and c_k is of the bound
                weights[r] = bound.samplesPerRow() * scores[r];
            }
            SampleDeviations.addUp(here, weights, 1);
        };
    }

    @Override
    public Claims claims() {
        return bound.claims();
    }

    @Override
    public Map<String, Object> write() {
        return bound.write();
    }
}

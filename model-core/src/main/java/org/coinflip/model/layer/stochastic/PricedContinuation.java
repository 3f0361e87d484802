package org.coinflip.model.layer.stochastic;

import org.coinflip.model.estimator.Site;
import org.coinflip.model.layer.Continuation;
import org.coinflip.model.memory.Matrix;

/** The continuation above a layer with a prior: the loss of a point includes what the prior adds. */
final class PricedContinuation implements Continuation {
    private final Continuation above;
    private final PriorCost prior;
    private final Site site;
    private int rows;

    PricedContinuation(Continuation above, PriorCost prior, Site site) {
        this.above = above;
        this.prior = prior;
        this.site = site;
    }

    @Override
    public int capacity() {
        return above.capacity();
    }

    @Override
    public Matrix points() {
        return above.points();
    }

    @Override
    public void evaluate(int copies) {
        above.evaluate(copies);
        rows = copies * site.rows();
        prior.add(site.logits(), points(), site.rows(), rows, true, losses());
    }

    @Override
    public float[] losses() {
        return above.losses();
    }

    @Override
    public void differentiate() {
        above.differentiate();
        prior.addGradient(site.logits(), points(), site.rows(), rows, 1f, gradients());
    }

    @Override
    public Matrix gradients() {
        return above.gradients();
    }
}

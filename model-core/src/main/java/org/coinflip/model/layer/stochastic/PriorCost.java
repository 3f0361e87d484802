package org.coinflip.model.layer.stochastic;

import org.coinflip.model.layer.Binding;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.unit.ExponentialFamily;
import org.coinflip.model.unit.GaussianUnits;
import org.coinflip.model.unit.UnitLaw;

/** What a layer's {@link Prior} adds to the loss of a sample, {@code c(h) = log q(h|a) − log p(h)}, in one pass. */
interface PriorCost {
    static PriorCost of(Prior prior, UnitLaw law, Binding binding, int units) {
        if (law instanceof GaussianUnits gaussian) {
            return new GaussianPriorCost(gaussian);
        }
        return law instanceof ExponentialFamily family
                ? new FamilyPriorCost(prior, family, binding, units)
                : new BernoulliPriorCost(prior, binding, units);
    }

    /**
     * Adds c(h) to the losses.
     *
     * @param logits a, n × D
     * @param samples h; row r is drawn from row {@code r mod n} of the logits
     * @param drawn whether h is drawn from q, and not what stands for all its draws: then the cost is the divergence of q from p
     */
    void add(Matrix logits, Matrix samples, int n, int sampleRows, boolean drawn, float[] losses);

    /**
     * Adds {@code weight ∂c/∂h} to the gradient with respect to the samples. The part of the gradient that comes through a, and all else that q is a function of, is left out where h is
     * held fixed: its mean is 0.
     */
    void addGradient(Matrix logits, Matrix samples, int n, int sampleRows, float weight, Matrix gradient);

    /** Gives the gradient with respect to what the prior learns, summed over the samples with their weights, to the sink. */
    default void accumulate(Matrix samples, float[] weights, int sampleRows, int examples) {}
}

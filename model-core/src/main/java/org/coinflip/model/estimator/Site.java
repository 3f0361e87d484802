package org.coinflip.model.estimator;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Continuation;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.unit.UnitLaw;

/**
 * What an estimator sees of the stochastic layer it serves, in one pass of one thread. n rows come in, each is drawn S times (S is
 * {@link GradientEstimator#samplesPerRow}); sample {@code s} of row {@code r} is row {@code s n + r} of the samples.
 */
public interface Site {
    /** Draw indices of a pass for noise that estimators need besides samples. */
    int OWN_DRAWS = 4;

    /** Rows that come in, n. */
    int rows();

    /** Columns of the units, D. */
    int width();

    /** What the units are drawn from. */
    UnitLaw law();

    /** a, n × D; x W until {@link Estimation#sample} adds the biases. Not to be modified after that. */
    Matrix logits();

    /** b, the D biases. Not to be modified. */
    Floats biases();

    /** P(h ≠ 0 | a), n × D, where the law knows it; E[h | a] of count units. Not to be modified. */
    Matrix probabilities();

    /** h, S n × D. Not to be modified by {@link Estimation#estimate}. */
    Matrix samples();

    /** ∂h/∂a with the noise held fixed, n × D, for laws that store it; else null, as here. */
    default Matrix derivative() {
        return null;
    }

    /** What the layer is given, n × inputs. Not to be modified. */
    Matrix inputs();

    /**
     * ∂(loss of the row)/∂h by back-propagation from above, S n × D, each row scaled by {@link #rowWeight} / S; null unless {@link
     * GradientEstimator#needsGradient}. May be the same matrix as {@link #logitGradient}.
     */
    Matrix upstream();

    /** The loss of each of the S n samples, in order: the mean over what the layers above made of it. */
    float[] losses();

    /**
     * Puts another combination of a row's sampled losses in the place of their mean: for the layers below and for reports, and as the
     * weights of the samples' gradients for the layers above. Only in {@link Estimation#combine}.
     *
     * @param combined the loss of each sample's row, the same for all samples of a row
     * @param factors S times the weight of each sample among those of its row
     * @throws IllegalStateException as here, where samples are not combined
     */
    default void combineLosses(float[] combined, float[] factors) {
        throw new IllegalStateException("the samples here are not combined");
    }

    /** Whether the units are latent variables: then {@code log q(h|a) − log p(h)} is part of the loss, a function of a too. */
    default boolean hasPrior() {
        return false;
    }

    /** What a row counts in its example's loss: 1 / replicas of the example. */
    float rowWeight();

    /** Where the estimate goes: n × D, ∂(loss of the row)/∂a scaled by {@link #rowWeight}. */
    Matrix logitGradient();

    /** The layer above as a function; null, as here, unless {@link GradientEstimator#probes} asks for it. */
    default Continuation continuation() {
        return null;
    }

    /** One of the estimator's own segments, by the name it declared. */
    Floats statistics(String name);

    /** The noise of this layer in this pass. */
    Draws draws();

    /** The draw index of a sample of each row, from 0 to S − 1. */
    int draw(int sample);

    /** The draw index of noise that an estimator needs besides its samples, below {@link #OWN_DRAWS}; kernels of Gaussian noise may take it too. */
    default int ownDraw(int index) {
        return Draws.OWN + context().draw() * OWN_DRAWS + index;
    }

    /** Draws the layer's units in its own way: what {@link Estimation#sample} does unless an estimator couples samples. */
    void drawIndependently();

    /** The batch, its mode and how far training is. */
    PassContext context();

    Backend backend();
}

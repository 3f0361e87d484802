package org.coinflip.model.estimator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.unit.UnitLaw;

/**
 * How the gradient with respect to the logits of a stochastic layer is obtained, as an experiment file specifies it. Immutable and
 * thread-safe.
 */
public interface GradientEstimator {
    /** Samples it wants of every row, S. */
    default int samplesPerRow() {
        return 1;
    }

    /**
     * Whether the loss of its S samples of a row is another combination of their losses than the mean ({@link Estimation#combine}): it
     * then serves the topmost stochastic layer only, or below layers whose estimators are made for it.
     */
    default boolean combinesSamples() {
        return false;
    }

    /**
     * What serves in its place at a layer above one where it draws its samples, these being particles that go on through the layers; empty where nothing
     * does.
     */
    default Optional<GradientEstimator> ofParticles() {
        return Optional.empty();
    }

    /** Whether it reads {@link Site#upstream}: then the loss must be differentiable along every path above. */
    boolean needsGradient();

    /** Whether it reads {@link Site#upstream} at samples that are zero too. */
    default boolean needsGradientAtZero(UnitLaw law) {
        return needsGradient();
    }

    /** Whether it reads {@link Site#losses}, or evaluates the continuation: then the loss of a row must be a function of that row. */
    default boolean readsLosses() {
        return !needsGradient();
    }

    /** Copies of every row that it evaluates the continuation at, at a time; 0 where it needs none. */
    default int probes(int width) {
        return 0;
    }

    /** Whether it reads the continuation's gradients. */
    default boolean differentiatesProbes() {
        return false;
    }

    /** Whether it needs no more of the loss than its value at one sample of a layer of so many units. */
    default boolean takesGivenLoss(int units) {
        return !needsGradient() && samplesPerRow() == 1 && probes(units) == 0;
    }

    /**
     * Whether its estimate is {@code (h − p) (L − c)}, c nothing of h, of what its site has and no other noise: then samples that are
     * {@linkplain org.coinflip.model.layer.held.HeldSamples held} while parameters move serve it too.
     */
    default boolean takesHeldSamples() {
        return false;
    }

    /** Whether it is an estimator for this law; the reason to give is {@link #serves}. */
    boolean suits(UnitLaw law);

    /** The most columns of a layer of this law that it can serve. */
    default int mostUnits(UnitLaw law) {
        return Integer.MAX_VALUE;
    }

    /** Which units it is for, in words. */
    String serves();

    /**
     * What it keeps from batch to batch.
     *
     * @param inputs columns of what the layer is given
     * @param units columns of the layer
     */
    default List<Statistic> statistics(int inputs, int units) {
        return List.of();
    }

    /** Sets to work at a site. */
    Estimation at(Site site);

    /** What it says of itself. */
    Claims claims();

    /** The keys and values it would be read from. */
    Map<String, Object> write();
}

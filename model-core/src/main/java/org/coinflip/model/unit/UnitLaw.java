package org.coinflip.model.unit;

import java.util.Map;
import java.util.OptionalDouble;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;

/**
 * How a unit's output h is drawn from its logit a. Immutable and thread-safe; written in experiment files as {@code law}. Units are
 * independent given their logits; one is a column, or as many neighbouring columns as {@link #columnsPerUnit} says.
 */
public interface UnitLaw {
    /**
     * Adds the biases to the products and draws the units.
     *
     * @param progress part of the training that is done, in [0, 1], for laws that anneal
     * @param logits in: x W; out: a = x W + b
     * @param rows rows of {@code logits} and of {@code samples}
     * @param probabilities out: E[h | a] for laws with a score, which of zeros and ones is P(h ≠ 0); that too for other laws with an
     *     atom at zero that they know in closed form; else undefined
     * @param samples out: h
     * @param derivative out: ∂h/∂a with the noise held fixed, or what {@link #pathwise} says; null or undefined where it does not say so
     */
    void sample(
            Backend backend,
            double progress,
            Matrix logits,
            Floats biases,
            Draws draws,
            int draw,
            int rows,
            Matrix probabilities,
            Matrix samples,
            Matrix derivative);

    /** E[h | a]: in {@code values}, x W becomes the mean. */
    void means(Backend backend, Matrix values, Floats biases, int rows);

    /** The most likely, or noise-free, h given a: in {@code values}, x W becomes that. */
    void thresholds(Backend backend, Matrix values, Floats biases, int rows);

    /** Whether h is 0 or 1 with P(h = 1) = σ(a), as estimators for binary units want. */
    default boolean isBinary() {
        return false;
    }

    /** Whether h is of zeros and ones, its score ∂ log P(h | a)/∂a being h − P(h = 1 | a): binary and categorical units. */
    default boolean isDiscrete() {
        return isBinary();
    }

    /**
     * Whether the score is a multiple of the sample's deviation from its mean, {@code ∂ log P(h | a)/∂a = s(a) (h − E[h | a])}, the mean written
     * to {@code probabilities}: what estimators from the loss alone need. s = 1 unless {@link #multiplyByNaturalSlope} says otherwise.
     */
    default boolean hasScore() {
        return isDiscrete();
    }

    /** {@code g ← s(a) g}, s the derivative of the natural parameter: for laws whose logit is another. */
    default void multiplyByNaturalSlope(Matrix logits, int rows, Matrix gradient) {}

    /** Columns that make one unit: k for categorical units of k categories, else 1. */
    default int columnsPerUnit() {
        return 1;
    }

    /** Whether h is in (0, 1) in the place of such a bit. */
    default boolean isRelaxedBinary() {
        return false;
    }

    /** What the units give when the network is used: for a relaxation, the bits or categories that it stands for in training. */
    default UnitLaw inUse() {
        return this;
    }

    /** Where ∂h/∂a comes from. */
    Pathwise pathwise();

    /** Whether something is written to {@code derivative} when sampling. */
    default boolean writesDerivative() {
        return pathwise() != Pathwise.NONE && pathwise() != Pathwise.WHERE_POSITIVE;
    }

    /**
     * Whether the derivative of a sample is that of all of its dependence on the logit, so that its mean is the derivative of the mean:
     * h is a continuous function of a for every value of the noise, and all of it is differentiated.
     */
    default boolean isReparameterised() {
        return pathwise() != Pathwise.NONE;
    }

    /** Whether the derivative of a sample is zero wherever the sample is: what a unit that is off would have passed on is then of no use. */
    default boolean isFlatAtZero() {
        return pathwise() == Pathwise.WHERE_POSITIVE;
    }

    /** Whether h is 0 with a probability: a unit may then be off. */
    default boolean isOftenZero() {
        return hasScore() || isFlatAtZero() || openingPower().isPresent();
    }

    /**
     * The power of σ(a) that P(h ≠ 0 | a) is, where it is one and {@code probabilities} are it: then the gradient of a cost of these
     * probabilities is known.
     */
    default OptionalDouble openingPower() {
        return OptionalDouble.empty();
    }

    /** The keys and values it would be read from. */
    Map<String, Object> write();

    /** Where the derivative of a sample with respect to its logit, the noise held fixed, comes from. */
    enum Pathwise {
        /** It is zero almost everywhere: an estimator has to take its place. */
        NONE,
        /** Written to {@code derivative} when sampling. */
        STORED,
        /** 1 where h > 0, else 0. */
        WHERE_POSITIVE,
        /** 1: h is the logit and noise, which is written to {@code derivative} when sampling, ∂h/∂log s of its deviation s. */
        SHIFT,
        /** A softmax over the columns of a unit: {@code ∂h_i/∂a_j = d_i (1[i = j] − h_j)}, d written to {@code derivative} when sampling. */
        SOFTMAX
    }
}

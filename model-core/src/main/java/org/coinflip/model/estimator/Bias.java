package org.coinflip.model.estimator;

import org.coinflip.model.unit.UnitLaw;

/**
 * For which losses the mean of an estimate is the gradient of the expected loss. The loss is a function f of the layer's outputs; as a
 * function of one unit, the others fixed, it has a degree: 1 where it is a straight line, 2 a parabola, {@link #ANY_DEGREE} any function.
 */
public enum Bias {
    /** For every loss, one without a gradient included. */
    NONE("none", Bias.ANY_DEGREE),
    /** For losses that are at most cubic in each unit. */
    BEYOND_CUBIC("none for losses cubic in each unit", 3),
    /** For losses that are at most quadratic in each unit. */
    BEYOND_QUADRATIC("none for losses quadratic in each unit", 2),
    /** For losses that are at most linear in each unit, as a table's multilinear extension is. */
    BEYOND_LINEAR("none for losses linear in each unit", 1),
    /** For every smooth loss, if a unit is a smooth function of its logit and of noise: see {@link UnitLaw#isReparameterised}. */
    BY_LAW("by the law: none where its units are differentiated whole", Bias.ANY_DEGREE),
    /** For every loss, the loss of K samples being −log of their mean exp(−loss), not the mean loss. */
    OF_THE_BOUND("none, of the K-sample bound", Bias.ANY_DEGREE),
    /** For every loss, the gradient being multiplied by a positive number, which is the same for all units. */
    UP_TO_A_FACTOR("none up to a factor of all units", 0),
    /** For no loss but a constant. */
    PRESENT("biased", 0);

    /** The degree of a function that is no polynomial of one unit. */
    public static final int ANY_DEGREE = Integer.MAX_VALUE;

    private final String words;
    private final int degree;

    Bias(String words, int degree) {
        this.words = words;
        this.degree = degree;
    }

    /** Whether this is the claim that the mean of the estimate is the gradient, for a loss of a degree. */
    public boolean isNone(UnitLaw law, int degreeOfLoss) {
        return degreeOfLoss <= degree && (this != BY_LAW || law.isReparameterised());
    }

    /** In words, for tables. */
    public String words() {
        return words;
    }
}

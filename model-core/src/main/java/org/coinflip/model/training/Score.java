package org.coinflip.model.training;

import java.io.Serializable;

/**
 * How well a network does on some examples; scores of disjoint examples add.
 *
 * @param examples how many
 * @param lossSum sum of their losses
 * @param errorSum how many are classified wrongly; for reconstructions, the sum of their mean squared errors of a feature
 */
public record Score(long examples, double lossSum, double errorSum) implements Serializable {
    public static final Score NONE = new Score(0, 0, 0);

    public Score plus(Score other) {
        return new Score(examples + other.examples, lossSum + other.lossSum, errorSum + other.errorSum);
    }

    /** Mean loss. */
    public double loss() {
        return lossSum / examples;
    }

    /** How many are classified wrongly. */
    public long errors() {
        return Math.round(errorSum);
    }

    /** Part of the examples that is classified wrongly, in [0, 1]; for reconstructions, the mean squared error of a feature. */
    public double error() {
        return errorSum / examples;
    }
}

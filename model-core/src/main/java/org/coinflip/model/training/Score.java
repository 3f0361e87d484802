package org.coinflip.model.training;

import java.io.Serializable;

/**
 * How well a network does on some examples; scores of disjoint examples add.
 *
 * @param examples how many
 * @param lossSum sum of their losses
 * @param errors how many are classified wrongly
 */
public record Score(long examples, double lossSum, long errors) implements Serializable {
    public static final Score NONE = new Score(0, 0, 0);

    public Score plus(Score other) {
        return new Score(examples + other.examples, lossSum + other.lossSum, errors + other.errors);
    }

    /** Mean loss. */
    public double loss() {
        return lossSum / examples;
    }

    /** Part of the examples that is classified wrongly, in [0, 1]. */
    public double error() {
        return (double) errors / examples;
    }
}

package org.coinflip.spark.sweep.scheduler;

/**
 * One thing to do: take a configuration to a rung.
 *
 * @param configuration its number
 * @param rung where it is taken, 0 for the lowest
 * @param parent the configuration whose state at the rung below it goes on from: its own; another's, whose settings it takes too, changed a little; or {@link
 *     #NONE}, where it begins
 * @param replicate the one that is trained, or {@link #ALL}
 */
public record Step(int configuration, int rung, int parent, int replicate) {
    /** All replicates of the configuration. */
    public static final int ALL = -1;

    /** No state to go on from. */
    public static final int NONE = -1;

    /** A configuration begins, and is taken to a rung at once. */
    static Step begin(int configuration, int rung) {
        return new Step(configuration, rung, NONE, ALL);
    }

    /** A configuration goes on to a rung from the one below. */
    static Step goOn(int configuration, int rung) {
        return new Step(configuration, rung, configuration, ALL);
    }

    /** A configuration goes on to a rung from another's state at the one below. */
    static Step copy(int configuration, int rung, int parent) {
        return new Step(configuration, rung, parent, ALL);
    }

    /** One replicate of a configuration is trained to the end of the only rung. */
    static Step replicate(int configuration, int replicate) {
        return new Step(configuration, 0, NONE, replicate);
    }

    /** Whether nothing was done before. */
    public boolean begins() {
        return parent == NONE;
    }

    /** Whether it goes on from another's state. */
    public boolean copies() {
        return !begins() && parent != configuration;
    }

    /** The rung from which it goes on; −1 where it begins. */
    public int from() {
        return begins() ? -1 : rung - 1;
    }
}

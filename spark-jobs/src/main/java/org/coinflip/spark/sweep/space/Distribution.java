package org.coinflip.spark.sweep.space;

/**
 * The values of an axis as a function of a coordinate in [0, 1]: uniform coordinates give values of this law. Immutable.
 */
public interface Distribution {
    /** The value at a coordinate in [0, 1]. */
    Object value(double coordinate);

    /** The coordinates of a grid over the values, in ascending order; empty where the number of points has to be given. */
    double[] grid();

    /** Number of values where they have no order between which to interpolate, else 0. */
    default int options() {
        return 0;
    }
}

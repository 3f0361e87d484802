package org.coinflip.spark.sweep.space;

import java.util.OptionalDouble;

/**
 * The values of an axis as a function of a coordinate in [0, 1]: uniform coordinates give values of this law. Immutable.
 */
public interface Distribution {
    /** The value at a coordinate in [0, 1]. */
    Object value(double coordinate);

    /**
     * A coordinate that has a value.
     *
     * @param value a number, or text
     * @return nothing where it is not one of the values; rounding apart, {@link #value} gives it back
     */
    OptionalDouble coordinate(Object value);

    /** The coordinates of a grid over the values, in ascending order; empty where the number of points has to be given. */
    double[] grid();

    /** Whether values are spread on a logarithmic scale. */
    default boolean isLogarithmic() {
        return false;
    }

    /** Number of values where they have no order between which to interpolate, else 0. */
    default int options() {
        return 0;
    }
}

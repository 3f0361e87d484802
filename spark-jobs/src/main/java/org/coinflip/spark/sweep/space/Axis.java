package org.coinflip.spark.sweep.space;

/**
 * One thing that a sweep varies.
 *
 * @param name its key in the experiment; inside an option, the choice's name, the option's label and the key
 * @param number its coordinate's place in a point
 * @param distribution its values
 * @param parent the choice in one of whose options it is; null where it is always there
 * @param option which option
 */
public record Axis(String name, int number, Distribution distribution, Axis parent, int option) {
    /** Whether the axis is there at a point: whether the choices above it took the options that it is in. */
    public boolean isActive(double[] point) {
        return parent == null
                || (parent.isActive(point) && ((Choice) parent.distribution).option(point[parent.number]) == option);
    }

    /** Number of options of a choice, 0 for a number. */
    public int options() {
        return distribution.options();
    }

    /** The option that a choice takes at a coordinate. */
    public int optionAt(double coordinate) {
        return ((Choice) distribution).option(coordinate);
    }
}

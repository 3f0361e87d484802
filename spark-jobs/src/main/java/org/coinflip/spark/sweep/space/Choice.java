package org.coinflip.spark.sweep.space;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * One of several options, each as likely; its value is the option's label, of a number the number.
 *
 * @param labels of the options, all different
 */
record Choice(List<?> labels) implements Distribution {
    @Override
    public Object value(double coordinate) {
        return labels.get(option(coordinate));
    }

    /** The middle of an option's part. */
    @Override
    public OptionalDouble coordinate(Object value) {
        for (int i = 0; i < labels.size(); i++) {
            if (String.valueOf(labels.get(i)).equals(String.valueOf(value))) {
                return OptionalDouble.of((i + 0.5) / labels.size());
            }
        }
        return OptionalDouble.empty();
    }

    int option(double coordinate) {
        return Math.min(labels.size() - 1, (int) (coordinate * labels.size()));
    }

    @Override
    public double[] grid() {
        double[] grid = new double[labels.size()];
        Arrays.setAll(grid, i -> (i + 0.5) / grid.length);
        return grid;
    }

    @Override
    public int options() {
        return labels.size();
    }
}

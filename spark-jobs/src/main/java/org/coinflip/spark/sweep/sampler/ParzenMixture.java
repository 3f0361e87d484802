package org.coinflip.spark.sweep.sampler;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.apache.commons.math3.special.Erf;
import org.coinflip.spark.sweep.space.Axis;

/**
 * A density over points of the unit cube: the mean of one kernel a point and of the uniform density, the prior. A kernel is a
 * product over axes: of a number, a Gaussian cut off at 0 and 1; of a choice, its option with most of the weight. An axis that a
 * point does not have has the prior there. Densities are over the axes that the point asked for has.
 */
final class ParzenMixture {
    /** A kernel's standard deviation is {@code SPREAD · n^(−1/(d+4))}: Scott's rule in units of the cube. n counts all results, good and bad: the two
     * densities are compared, and a few good points far apart would otherwise be smeared over the cube. */
    private static final double SPREAD = 0.12;

    private static final double LEAST_SPREAD = 0.01;

    private static final double SQRT2 = Math.sqrt(2);
    private static final double LOG_SQRT_2PI = 0.5 * StrictMath.log(2 * Math.PI);

    private final List<Axis> axes;
    private final List<double[]> points;
    private final double spread;
    /** Of every point and axis the logarithm of what makes the kernel's integral over [0, 1] one. */
    private final double[][] logScale;

    /** @param results n of the kernels' width: the results that both mixtures come from */
    ParzenMixture(List<Axis> axes, List<double[]> points, int results) {
        this.axes = axes;
        this.points = points;
        this.spread = Math.max(LEAST_SPREAD, SPREAD * StrictMath.pow(Math.max(1, results), -1.0 / (axes.size() + 4)));
        this.logScale = new double[points.size()][axes.size()];
        for (int i = 0; i < logScale.length; i++) {
            for (int d = 0; d < logScale[i].length; d++) {
                double centre = points.get(i)[d];
                double inside = normal((1 - centre) / spread) - normal((0 - centre) / spread);
                logScale[i][d] = -LOG_SQRT_2PI - StrictMath.log(spread * inside);
            }
        }
    }

    /**
     * A point from the density, coordinates of axes that are not there included.
     *
     * @param uniforms independent uniform numbers by number: one for the kernel, then one an axis
     */
    double[] draw(IntToDoubleFunction uniforms) {
        int kernel = Math.min(points.size(), (int) (uniforms.applyAsDouble(0) * (points.size() + 1)));
        double[] point = new double[axes.size()];
        for (Axis axis : axes) {
            int d = axis.number();
            double u = uniforms.applyAsDouble(1 + d);
            boolean prior = kernel == points.size() || Double.isNaN(points.get(kernel)[d]);
            point[d] = prior
                    ? u
                    : axis.options() > 0 ? option(axis, points.get(kernel)[d], u) : number(points.get(kernel)[d], u);
        }
        return point;
    }

    private double option(Axis axis, double centre, double u) {
        int k = axis.options();
        double other = otherOption(k);
        int own = axis.optionAt(centre);
        double own0 = 1 - (k - 1) * other;
        int option = u < own0 ? own : (int) Math.min(k - 2, (u - own0) / other);
        option += u >= own0 && option >= own ? 1 : 0;
        return (option + 0.5) / k;
    }

    /** The weight of each option that is not the kernel's, where its own counts {@code n + 1} times as much: a prior of one for each. */
    private double otherOption(int options) {
        return 1.0 / (points.size() + options);
    }

    private double number(double centre, double u) {
        double low = normal((0 - centre) / spread);
        double high = normal((1 - centre) / spread);
        double z = SQRT2 * Erf.erfInv(2 * (low + u * (high - low)) - 1);
        return Math.min(1, Math.max(0, centre + spread * z));
    }

    private static double normal(double z) {
        return 0.5 * Erf.erfc(-z / SQRT2);
    }

    /** Logarithm of the density at a point, over the axes that it has. */
    double logDensity(double[] point) {
        double[] logs = new double[points.size() + 1];
        double greatest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < logs.length; i++) {
            double log = 0;
            for (Axis axis : axes) {
                if (!Double.isNaN(point[axis.number()])) {
                    log += i == points.size() ? prior(axis) : kernel(axis, i, point[axis.number()]);
                }
            }
            logs[i] = log;
            greatest = Math.max(greatest, log);
        }
        double sum = 0;
        for (double log : logs) {
            sum += StrictMath.exp(log - greatest);
        }
        return greatest + StrictMath.log(sum / logs.length);
    }

    private static double prior(Axis axis) {
        return axis.options() > 0 ? -StrictMath.log(axis.options()) : 0;
    }

    private double kernel(Axis axis, int i, double x) {
        int d = axis.number();
        double centre = points.get(i)[d];
        if (Double.isNaN(centre)) {
            return prior(axis);
        }
        if (axis.options() > 0) {
            double other = otherOption(axis.options());
            boolean same = axis.optionAt(centre) == axis.optionAt(x);
            return StrictMath.log(same ? 1 - (axis.options() - 1) * other : other);
        }
        double z = (x - centre) / spread;
        return logScale[i][d] - 0.5 * z * z;
    }
}

package org.coinflip.model.estimator.registry;

import java.util.Arrays;
import java.util.List;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Statistic;

/**
 * Least squares of a number on m features, the last of which is the constant 1, for each of D units by itself: the normal equations
 * {@code E[x xᵀ] β = E[x y]}, whose moments are running means over batches. They are statistics of the layer: means of workers' moments are
 * the moments of all their examples. Number by number.
 */
final class RunningRegression {
    private static final String MOMENTS = "prediction-moments";
    private static final String PRODUCTS = "prediction-products";

    /** Keeps equations that are singular but for rounding from being solved by it. */
    private static final double FLOOR = 1e-6;

    private final int features;
    private final int units;
    private final double ridge;

    /** E[x_i x_k], i ≥ k, D numbers each. */
    private final Floats moments;

    /** E[x_i y], D numbers each. */
    private final Floats products;

    /** β, m numbers for each unit. */
    private final double[] coefficients;

    /** The equations of one unit, m rows of m numbers and the right-hand side. */
    private final double[] equations;

    private final double[] sums;

    /** @param ridge part of a feature's variance that is added to it, which draws its coefficient to 0; the constant has none */
    RunningRegression(Site site, int features, double ridge) {
        this.features = features;
        this.units = site.width();
        this.ridge = ridge;
        this.moments = site.statistics(MOMENTS);
        this.products = site.statistics(PRODUCTS);
        this.coefficients = new double[units * features];
        this.equations = new double[features * (features + 1)];
        this.sums = new double[pairs(features) + features];
    }

    /** What {@link #RunningRegression} finds at the site. */
    static List<Statistic> statistics(int features, int units) {
        return List.of(
                new Statistic(MOMENTS, pairs(features), units, 0f, 0), new Statistic(PRODUCTS, features, units, 0f, 0));
    }

    private static int pairs(int features) {
        return features * (features + 1) / 2;
    }

    /** β · x of a unit, by the coefficients that {@link #solve} found. */
    double predict(int unit, double[] x) {
        double sum = 0;
        for (int i = 0; i < features; i++) {
            sum += coefficients[unit * features + i] * x[i];
        }
        return sum;
    }

    /** Finds the coefficients from the moments; 0 as long as there are none. */
    void solve() {
        for (int unit = 0; unit < units; unit++) {
            pose(unit);
            eliminate();
            for (int i = features - 1; i >= 0; i--) {
                double rest = at(i, features);
                for (int k = i + 1; k < features; k++) {
                    rest -= at(i, k) * coefficients[unit * features + k];
                }
                coefficients[unit * features + i] = at(i, i) > 0 ? rest / at(i, i) : 0;
            }
        }
    }

    private double at(int row, int column) {
        return equations[row * (features + 1) + column];
    }

    private void pose(int unit) {
        int constant = features - 1;
        double weight = moment(unit, constant, constant);
        for (int i = 0; i < features; i++) {
            int row = i * (features + 1);
            for (int k = 0; k < features; k++) {
                equations[row + k] = moment(unit, Math.max(i, k), Math.min(i, k));
            }
            equations[row + features] = products.get(i * units + unit);
            if (i < constant && weight > 0) {
                double mean = moment(unit, constant, i) / weight;
                double variance = Math.max(0, equations[row + i] - mean * mean * weight);
                equations[row + i] += ridge * variance + FLOOR * equations[row + i];
            }
        }
    }

    private double moment(int unit, int i, int k) {
        return moments.get((i * (i + 1) / 2 + k) * units + unit);
    }

    /** To an upper triangle; a feature that has been 0 in all batches has an equation of zeros. */
    private void eliminate() {
        for (int pivot = 0; pivot < features; pivot++) {
            for (int row = pivot + 1; row < features && at(pivot, pivot) > 0; row++) {
                double factor = at(row, pivot) / at(pivot, pivot);
                for (int k = pivot; k <= features; k++) {
                    equations[row * (features + 1) + k] -= factor * at(pivot, k);
                }
            }
        }
    }

    /** Forgets what {@link #add} has taken of a unit. */
    void begin() {
        Arrays.fill(sums, 0);
    }

    /** Takes one row of the unit. */
    void add(double[] x, double y) {
        int at = 0;
        for (int i = 0; i < features; i++) {
            for (int k = 0; k <= i; k++) {
                sums[at++] += x[i] * x[k];
            }
        }
        for (int i = 0; i < features; i++) {
            sums[at++] += x[i] * y;
        }
    }

    /** Takes the rows into the running means, which keep the part kappa. */
    void end(int unit, int rows, double kappa) {
        int pairs = pairs(features);
        for (int i = 0; i < sums.length; i++) {
            Floats mean = i < pairs ? moments : products;
            int place = (i < pairs ? i : i - pairs) * units + unit;
            mean.set(place, (float) (kappa * mean.get(place) + (1 - kappa) * sums[i] / rows));
        }
    }
}

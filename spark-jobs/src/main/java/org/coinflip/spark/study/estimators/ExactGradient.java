package org.coinflip.spark.study.estimators;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.coinflip.model.unit.UnitLaw;

/**
 * ∂E f/∂logits in double precision. Of D Bernoulli units by enumeration, {@code g_i = p_i (1 − p_i) Σ_b P(b) [f(b with b_i = 1) − f(b with
 * b_i = 0)]}; of other units by central differences of E f, a sum over the products of the {@link UnitValues}, or f of their means where f
 * is linear in each.
 */
final class ExactGradient {
    /** The most Bernoulli units, the units of all samples of a bound counted. */
    static final int MOST_UNITS = 20;

    /** The most terms of a sum over other units' values. */
    private static final double MOST_TERMS = 1e6;

    private static final double STEP = 1e-4;

    private ExactGradient() {}

    /**
     * The gradient, where it can be had.
     *
     * @param samples K of the bound −log 1/K Σ_k exp(−f(bᵏ)) of which it is the gradient; 1 for f itself
     */
    static Optional<double[]> of(UnitLaw law, double[] logits, LossOfUnits f, int samples) {
        if (law.isBinary()) {
            return samples * logits.length > MOST_UNITS ? Optional.empty() : Optional.of(bits(logits, f, samples));
        }
        if (!UnitValues.know(law)) {
            return Optional.empty();
        }
        boolean byMeans = samples == 1 && law.columnsPerUnit() == 1 && f.isMultilinear();
        if (!byMeans && StrictMath.pow(terms(law, logits), samples) > MOST_TERMS) {
            return Optional.empty();
        }
        ToDoubleFunction<UnitValues[]> mean = byMeans
                ? units -> f.applyAsDouble(means(units))
                : samples == 1 ? units -> mean(units, f) : units -> bound(units, f, samples);
        double[] at = logits.clone();
        double[] gradient = new double[at.length];
        for (int i = 0; i < at.length; i++) {
            gradient[i] = (4 * difference(law, at, mean, i, STEP) - difference(law, at, mean, i, 2 * STEP)) / 3;
        }
        return Optional.of(gradient);
    }

    /** [E f(a_i + h) − E f(a_i − h)] / 2h; {@code at} is restored. */
    private static double difference(UnitLaw law, double[] at, ToDoubleFunction<UnitValues[]> mean, int i, double h) {
        double a = at[i];
        at[i] = a + h;
        double above = mean.applyAsDouble(units(law, at));
        at[i] = a - h;
        double below = mean.applyAsDouble(units(law, at));
        at[i] = a;
        return (above - below) / (2 * h);
    }

    private static double terms(UnitLaw law, double[] logits) {
        return Arrays.stream(units(law, logits)).mapToDouble(UnitValues::count).reduce(1, (a, b) -> a * b);
    }

    private static UnitValues[] units(UnitLaw law, double[] logits) {
        int columns = law.columnsPerUnit();
        UnitValues[] units = new UnitValues[logits.length / columns];
        for (int u = 0; u < units.length; u++) {
            units[u] = UnitValues.of(law, Arrays.copyOfRange(logits, u * columns, (u + 1) * columns));
        }
        return units;
    }

    private static double[] means(UnitValues[] units) {
        double[] means = new double[units.length];
        for (int i = 0; i < means.length; i++) {
            for (int v = 0; v < units[i].count(); v++) {
                means[i] += units[i].probabilities()[v] * units[i].values()[v][0];
            }
        }
        return means;
    }

    private static double mean(UnitValues[] units, ToDoubleFunction<double[]> f) {
        int columns = units[0].values()[0].length;
        return mean(units, 0, new double[units.length * columns], columns, f);
    }

    /** E f over the units from {@code unit} on, given the values of those before. */
    private static double mean(
            UnitValues[] units, int unit, double[] point, int columns, ToDoubleFunction<double[]> f) {
        if (unit == units.length) {
            return f.applyAsDouble(point);
        }
        double sum = 0;
        for (int v = 0; v < units[unit].count(); v++) {
            System.arraycopy(units[unit].values()[v], 0, point, unit * columns, columns);
            sum += units[unit].probabilities()[v] * mean(units, unit + 1, point, columns, f);
        }
        return sum;
    }

    /** E[−log 1/K Σ_k exp(−f(bᵏ))], a sum over the values of all samples' units. */
    private static double bound(UnitValues[] units, ToDoubleFunction<double[]> f, int samples) {
        List<double[]> weighted = new ArrayList<>();
        collect(units, 0, new double[units.length * units[0].values()[0].length], 1, f, weighted);
        return bound(weighted, samples, samples, 0);
    }

    /** Adds the probability of each value of the units from {@code unit} on and exp(−f) there. */
    private static void collect(
            UnitValues[] units,
            int unit,
            double[] point,
            double probability,
            ToDoubleFunction<double[]> f,
            List<double[]> weighted) {
        if (unit == units.length) {
            weighted.add(new double[] {probability, StrictMath.exp(-f.applyAsDouble(point))});
            return;
        }
        int columns = point.length / units.length;
        for (int v = 0; v < units[unit].count(); v++) {
            System.arraycopy(units[unit].values()[v], 0, point, unit * columns, columns);
            collect(units, unit + 1, point, probability * units[unit].probabilities()[v], f, weighted);
        }
    }

    private static double bound(List<double[]> weighted, int samples, int left, double sum) {
        if (left == 0) {
            return -StrictMath.log(sum / samples);
        }
        double mean = 0;
        for (double[] one : weighted) {
            mean += one[0] * bound(weighted, samples, left - 1, sum + one[1]);
        }
        return mean;
    }

    private static double[] bits(double[] logits, ToDoubleFunction<double[]> f, int samples) {
        int units = logits.length;
        double[][] p = new double[units][];
        for (int i = 0; i < units; i++) {
            p[i] = new double[] {1 / (1 + StrictMath.exp(logits[i])), 1 / (1 + StrictMath.exp(-logits[i]))};
        }
        double[] losses = combined(losses(units, f), units, samples);
        double[] gradient = new double[units];
        for (int b = 0; b < losses.length; b++) {
            double probability = 1;
            for (int i = 0; i < samples * units; i++) {
                probability *= p[i % units][b >> i & 1];
            }
            for (int i = 0; i < samples * units; i++) {
                gradient[i % units] += probability * (losses[b | 1 << i] - losses[b & ~(1 << i)]);
            }
        }
        for (int i = 0; i < units; i++) {
            gradient[i] *= p[i][0] * p[i][1];
        }
        return gradient;
    }

    /** f at the 2^D points, the first unit the fastest bit. */
    private static double[] losses(int units, ToDoubleFunction<double[]> f) {
        double[] losses = new double[1 << units];
        double[] point = new double[units];
        for (int b = 0; b < losses.length; b++) {
            for (int i = 0; i < units; i++) {
                point[i] = b >> i & 1;
            }
            losses[b] = f.applyAsDouble(point);
        }
        return losses;
    }

    /** −log 1/K Σ_k exp(−f(bᵏ)) at the values of all samples' units, those of sample k the k-th {@code units} bits. */
    private static double[] combined(double[] losses, int units, int samples) {
        if (samples == 1) {
            return losses;
        }
        double[] weights =
                Arrays.stream(losses).map(loss -> StrictMath.exp(-loss)).toArray();
        double[] combined = new double[1 << samples * units];
        for (int b = 0; b < combined.length; b++) {
            double sum = 0;
            for (int k = 0; k < samples; k++) {
                sum += weights[b >> k * units & weights.length - 1];
            }
            combined[b] = -StrictMath.log(sum / samples);
        }
        return combined;
    }
}

package org.coinflip.spark.study.estimators;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.special.Erf;
import org.coinflip.model.unit.Bernoulli;
import org.coinflip.model.unit.Categorical;
import org.coinflip.model.unit.CategoricalConcrete;
import org.coinflip.model.unit.Concrete;
import org.coinflip.model.unit.CountLaw;
import org.coinflip.model.unit.GaussianUnits;
import org.coinflip.model.unit.KOfN;
import org.coinflip.model.unit.NoisyRectifier;
import org.coinflip.model.unit.Nrelu;
import org.coinflip.model.unit.SemanticHashing;
import org.coinflip.model.unit.StochasticTimesSmooth;
import org.coinflip.model.unit.UnitLaw;

/**
 * The values that one unit takes given its logits, each with its probability; for continuous units the nodes and weights of a
 * trapezoidal rule over the noise, whose error falls as e^(−2π d / step), d the distance of the nearest pole from the real line.
 *
 * @param probabilities of the values, or weights
 * @param values one number for each column of the unit
 */
record UnitValues(double[] probabilities, double[][] values) {
    /** Beyond, the logistic density is below 1e-15. */
    private static final double LOGISTIC_REACH = 36;

    /** Beyond, the normal density is below 1e-15. */
    private static final double NORMAL_REACH = 8.5;

    /** Part of the distance of the nearest pole that a step is: an error of e^(−2π/0.25), 1e-11. */
    private static final double STEP = 0.25;

    /** Nodes of the composite Simpson's rule over the noise that leaves a rectifier on. */
    private static final int INTERVALS = 800;

    /** A sum over the subsets of more columns is too long. */
    private static final int MOST_SUBSET_COLUMNS = 16;

    /** Whether a law's values are known here. */
    static boolean know(UnitLaw law) {
        if (law instanceof CategoricalConcrete concrete) {
            return concrete.categories() == 2;
        }
        if (law instanceof KOfN units) {
            return units.columns() <= MOST_SUBSET_COLUMNS;
        }
        if (law instanceof CountLaw || law instanceof GaussianUnits) {
            return true;
        }
        return List.of(
                        Bernoulli.class,
                        Categorical.class,
                        Concrete.class,
                        NoisyRectifier.class,
                        Nrelu.class,
                        SemanticHashing.class,
                        StochasticTimesSmooth.class)
                .contains(law.getClass());
    }

    /** @param logits one for each column of the unit */
    static UnitValues of(UnitLaw law, double... logits) {
        double a = logits[0];
        double p = sigmoid(a);
        if (law instanceof Categorical) {
            return categories(logits);
        }
        if (law instanceof KOfN units) {
            return subsets(units.on(), logits);
        }
        if (law instanceof CountLaw counts) {
            return counts(counts, a);
        }
        if (law instanceof GaussianUnits units) {
            return gaussian(a, units.deviation(0));
        }
        if (law instanceof CategoricalConcrete concrete) {
            return twoCategories(concrete.temperature().at(0), a - logits[1]);
        }
        if (law instanceof StochasticTimesSmooth smooth) {
            double fires = StrictMath.pow(p, smooth.ratio());
            return bit(fires, StrictMath.pow(p, 1 - smooth.ratio()));
        }
        if (law instanceof Concrete concrete) {
            double temperature = concrete.temperature().at(0);
            return sigmoids(true, Math.PI * Math.min(1, temperature), a / temperature, 1 / temperature);
        }
        if (law instanceof SemanticHashing hashing) {
            double deviation = hashing.deviation();
            return sigmoids(false, Math.min(2, Math.PI / deviation), a, deviation);
        }
        if (law instanceof Nrelu) {
            return rectified(false, a, Math.sqrt(p));
        }
        if (law instanceof NoisyRectifier rectifier) {
            return rectified(rectifier.noise() == NoisyRectifier.Noise.LOGISTIC, a, rectifier.scale());
        }
        return bit(p, 1);
    }

    private static UnitValues bit(double probability, double value) {
        return new UnitValues(new double[] {probability, 1 - probability}, new double[][] {{value}, {0}});
    }

    /** All subsets of k columns, P ∝ the product of their e^a. */
    private static UnitValues subsets(int on, double[] logits) {
        int[] sets = IntStream.range(0, 1 << logits.length)
                .filter(set -> Integer.bitCount(set) == on)
                .toArray();
        double[] sums = new double[sets.length];
        double[][] values = new double[sets.length][logits.length];
        for (int s = 0; s < sets.length; s++) {
            for (int i = 0; i < logits.length; i++) {
                values[s][i] = sets[s] >> i & 1;
                sums[s] += values[s][i] * logits[i];
            }
        }
        double most = Arrays.stream(sums).max().orElseThrow();
        double[] powers =
                Arrays.stream(sums).map(sum -> StrictMath.exp(sum - most)).toArray();
        double all = Arrays.stream(powers).sum();
        return new UnitValues(Arrays.stream(powers).map(power -> power / all).toArray(), values);
    }

    /** 0, 1, 2, …, up to where what is left is rounding: the probabilities of the law's recurrence, from log P(0). */
    private static UnitValues counts(CountLaw law, double a) {
        double mean = law.mean(a);
        double growth = 1 + law.curvature() * mean;
        double ratio = mean / growth;
        double logProbability =
                law.curvature() == 0 ? -mean : -Math.max(StrictMath.log(growth), -745) / law.curvature();
        List<Double> probabilities = new ArrayList<>();
        for (int h = 0; h <= mean || logProbability > -40; h++) {
            probabilities.add(StrictMath.exp(logProbability));
            double up = ratio * (1 + law.curvature() * h) / (h + 1);
            if (up <= 0) {
                break;
            }
            logProbability += StrictMath.log(up);
        }
        double[][] values = new double[probabilities.size()][];
        for (int h = 0; h < values.length; h++) {
            values[h] = new double[] {h};
        }
        return new UnitValues(
                probabilities.stream().mapToDouble(Double::doubleValue).toArray(), values);
    }

    private static UnitValues categories(double[] logits) {
        double most = Arrays.stream(logits).max().orElseThrow();
        double[] p = Arrays.stream(logits).map(a -> StrictMath.exp(a - most)).toArray();
        double sum = Arrays.stream(p).sum();
        double[][] oneHot = new double[p.length][p.length];
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum;
            oneHot[i][i] = 1;
        }
        return new UnitValues(p, oneHot);
    }

    /** A softmax of two Gumbel numbers is a sigmoid of their difference, which is logistic. */
    private static UnitValues twoCategories(double temperature, double difference) {
        UnitValues first =
                sigmoids(true, Math.PI * Math.min(1, temperature), difference / temperature, 1 / temperature);
        double[][] both = new double[first.count()][];
        for (int i = 0; i < both.length; i++) {
            both[i] = new double[] {first.values[i][0], 1 - first.values[i][0]};
        }
        return new UnitValues(first.probabilities, both);
    }

    /** σ(centre + scale z) over noise z. */
    private static UnitValues sigmoids(boolean logistic, double pole, double centre, double scale) {
        double step = STEP * pole;
        int half = (int) Math.ceil((logistic ? LOGISTIC_REACH : NORMAL_REACH) / step);
        double[] weights = new double[2 * half + 1];
        double[][] values = new double[2 * half + 1][];
        for (int i = -half; i <= half; i++) {
            weights[i + half] = step * density(logistic, i * step);
            values[i + half] = new double[] {sigmoid(centre + scale * i * step)};
        }
        return new UnitValues(weights, values);
    }

    /** The pole is that of what is made of the values: 1 from the real line, as that of σ(h) about is. */
    private static UnitValues gaussian(double mean, double deviation) {
        int half = (int) Math.ceil(NORMAL_REACH / STEP);
        double[] weights = new double[2 * half + 1];
        double[][] values = new double[2 * half + 1][];
        for (int i = -half; i <= half; i++) {
            weights[i + half] = STEP * density(false, i * STEP);
            values[i + half] = new double[] {mean + deviation * i * STEP};
        }
        return new UnitValues(weights, values);
    }

    /** The atom at 0, and Simpson's rule over the noise z that leaves max(0, a + s z) above it. */
    private static UnitValues rectified(boolean logistic, double a, double scale) {
        if (scale == 0) {
            return new UnitValues(new double[] {1}, new double[][] {{Math.max(0, a)}});
        }
        double from = -a / scale;
        double reach = Math.max(logistic ? LOGISTIC_REACH : NORMAL_REACH, from + 1);
        double step = (reach - from) / INTERVALS;
        double[] weights = new double[INTERVALS + 2];
        double[][] values = new double[INTERVALS + 2][];
        for (int i = 0; i <= INTERVALS; i++) {
            double simpson = i == 0 || i == INTERVALS ? 1 : i % 2 == 1 ? 4 : 2;
            weights[i] = step / 3 * simpson * density(logistic, from + i * step);
            values[i] = new double[] {scale * i * step};
        }
        weights[INTERVALS + 1] = logistic ? sigmoid(from) : 0.5 * Erf.erfc(-from / Math.sqrt(2));
        values[INTERVALS + 1] = new double[] {0};
        return new UnitValues(weights, values);
    }

    private static double density(boolean logistic, double z) {
        return logistic ? sigmoid(z) * sigmoid(-z) : StrictMath.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    }

    private static double sigmoid(double a) {
        return 1 / (1 + StrictMath.exp(-a));
    }

    int count() {
        return probabilities.length;
    }
}

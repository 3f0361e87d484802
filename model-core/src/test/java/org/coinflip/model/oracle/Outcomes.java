package org.coinflip.model.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.special.Gamma;
import org.coinflip.model.unit.Bernoulli;
import org.coinflip.model.unit.Binomial;
import org.coinflip.model.unit.CategoricalConcrete;
import org.coinflip.model.unit.Concrete;
import org.coinflip.model.unit.CountLaw;
import org.coinflip.model.unit.KOfN;
import org.coinflip.model.unit.NegativeBinomial;
import org.coinflip.model.unit.NoisyRectifier;
import org.coinflip.model.unit.Nrelu;
import org.coinflip.model.unit.Poisson;
import org.coinflip.model.unit.SemanticHashing;
import org.coinflip.model.unit.StochasticTimesSmooth;
import org.coinflip.model.unit.UnitLaw;

/** The values that the units of a layer take and their probabilities; those of continuous units are the nodes of a quadrature. */
public final class Outcomes {
    private Outcomes() {}

    /**
     * A value of some units.
     *
     * @param probability of the value, or its weight in a quadrature
     */
    public record Outcome(double probability, double[] sample) {}

    /** A layer's values and their probabilities: the product over its independent units. */
    public static List<Outcome> of(UnitLaw law, double[] logits) {
        int columns = law.columnsPerUnit();
        List<Outcome> all = List.of(new Outcome(1, new double[0]));
        for (int from = 0; from < logits.length; from += columns) {
            all = with(
                    all,
                    columns == 1
                            ? unit(law, logits[from])
                            : categories(law, Arrays.copyOfRange(logits, from, from + columns)));
        }
        return all;
    }

    /** Those of Gaussian units: the trapezoidal rule over the noise, whose error falls as e^(−2π d / 0.25), d the distance of the loss's nearest pole in the noise. */
    static List<Outcome> gaussian(double[] means, double[] deviations) {
        List<Outcome> all = List.of(new Outcome(1, new double[0]));
        for (int j = 0; j < means.length; j++) {
            List<Outcome> unit = new ArrayList<>();
            for (double n = -8; n <= 8; n += 0.25) {
                unit.add(outcome(0.25 * Math.exp(-n * n / 2) / Math.sqrt(2 * Math.PI), means[j] + deviations[j] * n));
            }
            all = with(all, unit);
        }
        return all;
    }

    /** Every value of some units with every value of the next. */
    private static List<Outcome> with(List<Outcome> some, List<Outcome> next) {
        List<Outcome> longer = new ArrayList<>();
        for (Outcome outcome : some) {
            for (Outcome unit : next) {
                double[] sample = Arrays.copyOf(outcome.sample, outcome.sample.length + unit.sample.length);
                System.arraycopy(unit.sample, 0, sample, outcome.sample.length, unit.sample.length);
                longer.add(new Outcome(outcome.probability * unit.probability, sample));
            }
        }
        return longer;
    }

    static double[] softmax(double[] logits, double temperature) {
        double[] q = Arrays.stream(logits).map(a -> Math.exp(a / temperature)).toArray();
        double sum = Arrays.stream(q).sum();
        return Arrays.stream(q).map(power -> power / sum).toArray();
    }

    private static List<Outcome> categories(UnitLaw law, double[] logits) {
        if (law instanceof CategoricalConcrete concrete) {
            return relaxedCategories(concrete, logits);
        }
        if (law instanceof KOfN units) {
            return subsets(units.on(), logits);
        }
        double[] p = softmax(logits, 1);
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < p.length; i++) {
            double[] oneHot = new double[p.length];
            oneHot[i] = 1;
            outcomes.add(new Outcome(p[i], oneHot));
        }
        return outcomes;
    }

    /** All subsets of k columns, by their products. */
    private static List<Outcome> subsets(int k, double[] logits) {
        List<Outcome> outcomes = new ArrayList<>();
        double all = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (int set = 0; set < 1 << logits.length; set++) {
                if (Integer.bitCount(set) != k) {
                    continue;
                }
                double[] sample = new double[logits.length];
                double product = 1;
                for (int i = 0; i < sample.length; i++) {
                    sample[i] = set >> i & 1;
                    product *= sample[i] == 1 ? Math.exp(logits[i]) : 1;
                }
                if (pass == 0) {
                    all += product;
                } else {
                    outcomes.add(new Outcome(product / all, sample));
                }
            }
        }
        return outcomes;
    }

    /**
     * Three categories. A softmax sees the exponential numbers E_i = e^(−G_i) but for a common factor: their parts of their sum are
     * uniform on the simplex, so that E₁ = t, E₂ = (1 − t) s, E₃ = (1 − t)(1 − s) with t ~ Beta(1, 2) and s uniform; the trapezoidal rule
     * over log(t/(1−t)) and log(s/(1−s)).
     */
    private static List<Outcome> relaxedCategories(CategoricalConcrete law, double[] logits) {
        if (logits.length != 3) {
            throw new IllegalArgumentException("the quadrature is for 3 categories, not " + logits.length);
        }
        int intervals = 80;
        double width = 50.0 / intervals;
        double temperature = law.temperature().at(0);
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i <= intervals; i++) {
            double t = Enumeration.sigmoid(-25 + i * width);
            double notT = Enumeration.sigmoid(25 - i * width);
            for (int j = 0; j <= intervals; j++) {
                double s = Enumeration.sigmoid(-25 + j * width);
                double notS = Enumeration.sigmoid(25 - j * width);
                double[] noisy = {
                    logits[0] - Math.log(t), logits[1] - Math.log(notT * s), logits[2] - Math.log(notT * notS)
                };
                double weight = width * width * 2 * notT * t * notT * s * notS;
                outcomes.add(new Outcome(weight, softmax(noisy, temperature)));
            }
        }
        return outcomes;
    }

    static Outcome outcome(double probability, double value) {
        return new Outcome(probability, new double[] {value});
    }

    private static List<Outcome> unit(UnitLaw law, double a) {
        double p = Enumeration.sigmoid(a);
        if (law instanceof CountLaw) {
            return counts(law, a);
        }
        if (law instanceof Bernoulli) {
            return List.of(outcome(p, 1), outcome(1 - p, 0));
        }
        if (law instanceof StochasticTimesSmooth sts) {
            double fires = Math.pow(p, sts.ratio());
            return List.of(outcome(fires, Math.pow(p, 1 - sts.ratio())), outcome(1 - fires, 0));
        }
        if (law instanceof Concrete concrete) {
            return relaxed(concrete, a);
        }
        if (law instanceof SemanticHashing hashing) {
            return noisySigmoid(hashing.deviation(), a);
        }
        if (law instanceof Nrelu) {
            return rectified(false, Math.sqrt(p), a);
        }
        NoisyRectifier rectifier = (NoisyRectifier) law;
        return rectified(rectifier.noise() == NoisyRectifier.Noise.LOGISTIC, rectifier.scale(), a);
    }

    /** Counts by their closed forms, up to where what is left is below 1e-15. */
    private static List<Outcome> counts(UnitLaw law, double a) {
        List<Outcome> outcomes = new ArrayList<>();
        double most = law instanceof Binomial binomial ? binomial.trials() : 10_000;
        double left = 1;
        for (int h = 0; left > 1e-15 && h <= most; h++) {
            double probability = Math.exp(logProbability(law, a, h));
            outcomes.add(outcome(probability, h));
            left -= probability;
        }
        return outcomes;
    }

    /** Of one value of a unit of counts, by its closed form. */
    private static double logProbability(UnitLaw law, double a, double h) {
        double p = Enumeration.sigmoid(a);
        if (law instanceof Poisson) {
            return h * a - Math.exp(a) - Gamma.logGamma(h + 1);
        }
        if (law instanceof Binomial binomial) {
            int n = binomial.trials();
            return Gamma.logGamma(n + 1.0)
                    - Gamma.logGamma(h + 1)
                    - Gamma.logGamma(n - h + 1)
                    + h * Math.log(p)
                    + (n - h) * Math.log(1 - p);
        }
        double r = ((NegativeBinomial) law).failures();
        return Gamma.logGamma(h + r)
                - Gamma.logGamma(h + 1)
                - Gamma.logGamma(r)
                + h * Math.log(p)
                + r * Math.log(1 - p);
    }

    /** log P(h | a) of a layer of bits, categories or counts. */
    public static double logProbability(UnitLaw law, double[] logits, double[] h) {
        double sum = 0;
        int columns = law.columnsPerUnit();
        for (int from = 0; from < h.length; from += columns) {
            if (law instanceof CountLaw) {
                sum += logProbability(law, logits[from], h[from]);
            } else if (columns == 1) {
                sum += Math.log(Enumeration.sigmoid(h[from] == 1 ? logits[from] : -logits[from]));
            } else {
                double[] p = softmax(Arrays.copyOfRange(logits, from, from + columns), 1);
                for (int i = 0; i < columns; i++) {
                    sum += h[from + i] == 1 ? Math.log(p[i]) : 0;
                }
            }
        }
        return sum;
    }

    /** Simpson's rule over the logistic noise, of which 1e-11 is left out. */
    private static List<Outcome> relaxed(Concrete law, double a) {
        int intervals = 600;
        double width = 50.0 / intervals;
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i <= intervals; i++) {
            double z = -25 + i * width;
            double weight = width / 3 * (i == 0 || i == intervals ? 1 : i % 2 == 1 ? 4 : 2);
            outcomes.add(outcome(
                    weight * Enumeration.sigmoid(z) * Enumeration.sigmoid(-z),
                    Enumeration.sigmoid((a + z) / law.temperature().at(0))));
        }
        return outcomes;
    }

    /** Simpson's rule over the Gaussian noise. */
    private static List<Outcome> noisySigmoid(double deviation, double a) {
        int intervals = 1000;
        double width = 18.0 / intervals;
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i <= intervals; i++) {
            double n = -9 + i * width;
            double weight = width / 3 * (i == 0 || i == intervals ? 1 : i % 2 == 1 ? 4 : 2);
            double density = Math.exp(-n * n / 2) / Math.sqrt(2 * Math.PI);
            outcomes.add(outcome(weight * density, Enumeration.sigmoid(a + deviation * n)));
        }
        return outcomes;
    }

    /** The atom at 0, and Simpson's rule over the h above it: z from −a/s to where the density is nothing. */
    private static List<Outcome> rectified(boolean logistic, double scale, double a) {
        int intervals = 600;
        double from = -a / scale;
        double to = logistic ? 30 : 9;
        double width = (to - from) / intervals;
        List<Outcome> outcomes = new ArrayList<>();
        double above = 0;
        for (int i = 0; i <= intervals; i++) {
            double z = from + i * width;
            double density = logistic
                    ? Enumeration.sigmoid(z) * Enumeration.sigmoid(-z)
                    : Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
            double weight = width / 3 * (i == 0 || i == intervals ? 1 : i % 2 == 1 ? 4 : 2) * density;
            outcomes.add(outcome(weight, a + scale * z));
            above += weight;
        }
        outcomes.add(outcome(1 - above, 0));
        return outcomes;
    }
}

package org.coinflip.model.unit;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * Gaussian units, h = a + s n, n standard normal, so that h ~ N(a, s²): the logit is the mean, and the deviation s of each column is learned, as log s. What it is
 * used by without noise, mean and threshold, is a.
 *
 * <p>Back-propagation with n held fixed, ∂h/∂a = 1 and ∂h/∂log s = s n, is unbiased for every loss that is Lipschitz in h. The scores, for estimators from
 * the loss alone, are {@code ∂ log q(h)/∂a = (h − a)/s²} and {@code ∂ log q(h)/∂log s = ((h − a)² − s²)/s²}.
 *
 * <p>Kingma and Welling (2014), "Auto-encoding variational Bayes"; Rezende, Mohamed, Wierstra (2014), "Stochastic backpropagation"; the scores: Williams (1992).
 *
 * @param initialDeviation s when training begins, and of units whose log s are nowhere kept
 * @param rateScale factor on the learning rate of log s; with 0 it stays as it is
 */
public record Gaussian(double initialDeviation, double rateScale) implements GaussianUnits {
    public static final String TYPE = "gaussian";

    /** Name of the segment of log s. */
    public static final String LOG_DEVIATIONS = "log-deviations";

    private static final Range DEVIATIONS = new Range(1e-4, true, 1e4, true);

    static Gaussian read(Section section) {
        return new Gaussian(section.number("std", 1, DEVIATIONS), section.number("rate-scale", 1, Range.NOT_NEGATIVE));
    }

    /** These units with the deviations that a state holds, log s of each column; not a copy. */
    public GaussianUnits with(Floats logDeviations) {
        return new Learned(this, logDeviations);
    }

    @Override
    public double deviation(int column) {
        return initialDeviation;
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("std", initialDeviation);
        keys.put("rate-scale", rateScale);
        return keys;
    }

    private record Learned(Gaussian units, Floats logDeviations) implements GaussianUnits {
        @Override
        public double deviation(int column) {
            return StrictMath.exp(logDeviations.get(column));
        }

        @Override
        public Map<String, Object> write() {
            return units.write();
        }
    }
}

package org.coinflip.spark.sweep.result;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.inference.TTest;
import org.coinflip.spark.report.WilsonInterval;

/**
 * A mean with its 95 % confidence interval.
 *
 * @param mean of the values
 * @param low lower end; NaN where one value alone says nothing of its spread
 * @param high upper end
 * @param count how many values
 */
public record Interval(double mean, double low, double high, int count) {
    private static final double UPPER = 0.975;

    /** Student's interval {@code x̄ ± t s / √n} of independent values. */
    public static Interval ofMean(double... values) {
        int n = values.length;
        double mean = Arrays.stream(values).sum() / n;
        if (n < 2) {
            return new Interval(mean, Double.NaN, Double.NaN, n);
        }
        double squares = Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum();
        double reach =
                new TDistribution(null, n - 1).inverseCumulativeProbability(UPPER) * Math.sqrt(squares / (n - 1) / n);
        return new Interval(mean, mean - reach, mean + reach, n);
    }

    /** Wilson's interval of a fraction of examples: of one network on others such examples, not of other trainings. */
    public static Interval ofFraction(double fraction, double examples) {
        WilsonInterval wilson = WilsonInterval.of(fraction, examples);
        return new Interval(fraction, wilson.low(), wilson.high(), 1);
    }

    /**
     * The two-sided p-value of Student's test that independent values have mean 0.
     *
     * @return NaN where one value alone says nothing of its spread
     */
    static double testOfZero(double... values) {
        if (values.length < 2) {
            return Double.NaN;
        }
        boolean alike = Arrays.stream(values).allMatch(value -> value == values[0]);
        return alike ? (values[0] == 0 ? 1 : 0) : new TTest().tTest(0, values);
    }

    /** Whether the interval is known. */
    public boolean isKnown() {
        return Double.isFinite(low) && Double.isFinite(high);
    }

    /** For summaries. */
    public Map<String, Object> asMap() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("mean", mean);
        if (isKnown()) {
            keys.put("low", low);
            keys.put("high", high);
        }
        keys.put("values", count);
        return keys;
    }
}

package org.coinflip.data.raw;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Whether float32 tells the values of each feature apart. Between the least value a and the greatest b of a feature there are
 * {@code (b − a) / 2e} steps that survive rounding, e the greatest rounding error; fewer than {@value #LEAST_STEPS} and the feature is
 * refused, for what distinguishes its examples is mostly gone (times in seconds since 1970 over an hour, account numbers).
 */
public final class Resolution implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int LEAST_STEPS = 1024;

    private final double[] least;
    private final double[] greatest;
    private final double[] error;

    public Resolution(int features) {
        least = new double[features];
        greatest = new double[features];
        error = new double[features];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        Arrays.fill(greatest, Double.NEGATIVE_INFINITY);
    }

    /** Sees a value of a feature and what it is rounded to. */
    public void see(int feature, double value, float rounded) {
        least[feature] = Math.min(least[feature], value);
        greatest[feature] = Math.max(greatest[feature], value);
        error[feature] = Math.max(error[feature], Math.abs(value - rounded));
    }

    /** Sees all that another has seen. */
    public void see(Resolution other) {
        for (int j = 0; j < error.length; j++) {
            least[j] = Math.min(least[j], other.least[j]);
            greatest[j] = Math.max(greatest[j], other.greatest[j]);
            error[j] = Math.max(error[j], other.error[j]);
        }
    }

    /**
     * The first feature that is lost, in words; empty where none is.
     *
     * @param path the source, for messages
     * @param called what a feature is called there
     */
    public Optional<String> lost(String path, IntFunction<String> called) {
        for (int j = 0; j < error.length; j++) {
            double spread = greatest[j] - least[j];
            if (spread > 0 && spread < 2 * LEAST_STEPS * error[j]) {
                return Optional.of(String.format(
                        Locale.ROOT,
                        "%s: %s has values from %s to %s, expected ones that float32 tells apart: subtract what they share"
                                + " from the column, or leave it out",
                        path,
                        called.apply(j),
                        BigDecimal.valueOf(least[j]).toPlainString(),
                        BigDecimal.valueOf(greatest[j]).toPlainString()));
            }
        }
        return Optional.empty();
    }
}

package org.coinflip.data.raw;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Whether float32 tells the values of each feature apart. Between the least value a and the greatest b of a feature there are
 * {@code (b − a) / 2e} steps that survive rounding, e the greatest rounding error; fewer than {@value #LEAST_STEPS} and the feature is
 * refused, for what distinguishes its examples is mostly gone (times in seconds since 1970 over an hour, account numbers).
 */
public final class Resolution implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int LEAST_STEPS = 1024;

    private final int features;
    /** Which features the numbers are of, ascending, of all others only 0 was seen; null where they are of all. */
    private final int[] kept;

    private final double[] least;
    private final double[] greatest;
    private final double[] error;

    /** Of features of which nothing was seen yet. */
    public Resolution(int features) {
        this(features, null, new double[features], new double[features], new double[features]);
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        Arrays.fill(greatest, Double.NEGATIVE_INFINITY);
    }

    private Resolution(int features, int[] kept, double[] least, double[] greatest, double[] error) {
        this.features = features;
        this.kept = kept;
        this.least = least;
        this.greatest = greatest;
        this.error = error;
    }

    /** The same, to be kept and sent rather than to see more: without what features have of which only 0 was seen, most of a wide table's. */
    public Resolution packed() {
        int[] others = IntStream.range(0, features)
                .filter(j -> least[j] != 0 || greatest[j] != 0)
                .toArray();
        return new Resolution(features, others, at(least, others), at(greatest, others), at(error, others));
    }

    private static double[] at(double[] numbers, int[] places) {
        return Arrays.stream(places).mapToDouble(j -> numbers[j]).toArray();
    }

    /** Sees a value of a feature and what it is rounded to. */
    public void see(int feature, double value, float rounded) {
        least[feature] = Math.min(least[feature], value);
        greatest[feature] = Math.max(greatest[feature], value);
        error[feature] = Math.max(error[feature], Math.abs(value - rounded));
    }

    /** Sees all that another has seen, {@linkplain #packed packed} or not; this one is not. */
    public void see(Resolution other) {
        int k = 0;
        for (int j = 0; j < features; j++) {
            boolean isKept = other.kept == null || (k < other.kept.length && other.kept[k] == j);
            least[j] = Math.min(least[j], isKept ? other.least[k] : 0);
            greatest[j] = Math.max(greatest[j], isKept ? other.greatest[k] : 0);
            error[j] = Math.max(error[j], isKept ? other.error[k] : 0);
            k += isKept ? 1 : 0;
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

package org.coinflip.model.transform;

import java.io.Serializable;
import java.util.List;

/**
 * A linear map of scaled features, {@code z = W (x − m)}: principal components, a rotation, or both in one. Immutable.
 *
 * @param spec the rule that it follows
 * @param components numbers of z; 0 for none, which leaves the features as they are
 * @param mean m, one number a feature
 * @param weights W, row-major, components × features
 */
public record Projection(ProjectionSpec spec, int components, List<Float> mean, List<Float> weights)
        implements Serializable {
    /** The features as they are. */
    public static final Projection NONE = new Projection(ProjectionSpec.NONE, 0, List.of(), List.of());

    public Projection {
        mean = List.copyOf(mean);
        weights = List.copyOf(weights);
        if (components < 0 || weights.size() != (long) components * mean.size()) {
            throw new IllegalArgumentException("got a projection of " + weights.size() + " numbers, expected "
                    + components + " for each of " + mean.size() + " features");
        }
    }

    /** Whether all its numbers are finite. */
    boolean isFinite() {
        return mean.stream().allMatch(Float::isFinite) && weights.stream().allMatch(Float::isFinite);
    }

    /** Whether there is a map at all. */
    public boolean applies() {
        return components > 0;
    }

    /**
     * Maps one example; sums are taken in double precision, in the order of the features.
     *
     * @param x scaled features, not modified
     * @param out written from {@code start} on
     */
    void apply(float[] x, float[] m, float[] w, float[] out, int start) {
        for (int c = 0; c < components; c++) {
            double sum = 0;
            for (int j = 0; j < x.length; j++) {
                sum += (double) w[c * x.length + j] * (x[j] - m[j]);
            }
            out[start + c] = (float) sum;
        }
    }
}

package org.coinflip.model.measure;

import java.io.Serializable;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Examples that are positive or not, each with a score s, and what follows from their order alone: the area under the ROC curve and the
 * average precision. Equal scores are one level: no order among them is made up.
 *
 * <p>As many scores as told are kept as they are. Of more, only the bin of each is: 16 bins an octave of s and of 1 − s, from 2⁻²⁴ on, so that
 * the scores next to 0 and next to 1 are told apart best. A level is then a bin. Whether there are bins depends on the number of examples
 * alone, so that the order and the grouping of what is added and merged never matter. Not thread-safe.
 */
public final class ScoredOutcomes implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int STEPS_BITS = 4;
    private static final int EXPONENT_BIAS = 127;
    /** Bins of q = s or 1 − s, ascending: q ≤ −2⁴, negative octaves from 2⁴ to 2⁻⁸, around 0, octaves from 2⁻²⁴ to ½, ½ itself. */
    private static final int NEGATIVE = (4 + 8) << STEPS_BITS;

    private static final int AROUND_ZERO = NEGATIVE + 1;
    private static final int HALF_BINS = AROUND_ZERO + 1 + (23 << STEPS_BITS) + 1;
    static final int BINS = 2 * HALF_BINS;

    private final int most;
    private float[] positives = new float[0];
    private float[] negatives = new float[0];
    private int positiveCount;
    private int negativeCount;
    /** Positives of each bin, then negatives of each; null as long as scores are kept. */
    private long[] bins;

    /** What is told of a level: its examples by outcome. */
    interface Level {
        void at(long positives, long negatives);
    }

    /** @param most scores that are kept as they are, at least 0 */
    public ScoredOutcomes(int most) {
        this.most = most;
        if (most == 0) {
            bins = new long[2 * BINS];
        }
    }

    /**
     * Adds an example.
     *
     * @throws IllegalArgumentException where the score is NaN
     */
    public void add(float score, boolean positive) {
        if (Float.isNaN(score)) {
            throw new IllegalArgumentException("a score is NaN, expected a number: it has no place in an order");
        }
        // so that −0 is 0
        float number = score + 0f;
        if (bins == null && positiveCount + negativeCount == most) {
            fill();
        }
        if (bins != null) {
            bins[bin(number) + (positive ? 0 : BINS)]++;
        } else if (positive) {
            positives = withRoom(positives, positiveCount + 1, most);
            positives[positiveCount++] = number;
        } else {
            negatives = withRoom(negatives, negativeCount + 1, most);
            negatives[negativeCount++] = number;
        }
    }

    /** Adds the examples of another, which keeps as many scores and may not be used any more. */
    public void merge(ScoredOutcomes other) {
        if (bins == null && other.bins == null && size() + other.size() <= most) {
            positives = joined(positives, positiveCount, other.positives, other.positiveCount);
            negatives = joined(negatives, negativeCount, other.negatives, other.negativeCount);
            positiveCount += other.positiveCount;
            negativeCount += other.negativeCount;
            return;
        }
        if (bins == null) {
            fill();
        }
        if (other.bins == null) {
            other.fill();
        }
        for (int i = 0; i < bins.length; i++) {
            bins[i] += other.bins[i];
        }
    }

    /** Whether every score was kept as it is. */
    public boolean isExact() {
        return bins == null;
    }

    public long size() {
        return positives() + negatives();
    }

    public long positives() {
        return bins == null ? positiveCount : Arrays.stream(bins, 0, BINS).sum();
    }

    public long negatives() {
        return bins == null
                ? negativeCount
                : Arrays.stream(bins, BINS, 2 * BINS).sum();
    }

    /**
     * The area under the ROC curve: {@code P(s⁺ > s⁻) + ½ P(s⁺ = s⁻)} for a positive and a negative drawn at random, in [0, 1]. Empty where
     * either kind is missing. Exact for up to 2³¹ of each.
     *
     * <p>Hanley, McNeil (1982), "The meaning and use of the area under a receiver operating characteristic (ROC) curve".
     */
    public OptionalDouble auc() {
        double pairs = (double) positives() * negatives();
        if (pairs == 0) {
            return OptionalDouble.empty();
        }
        long[] above = new long[1];
        long[] twice = new long[1];
        descend((plus, minus) -> {
            twice[0] += minus * (2 * above[0] + plus);
            above[0] += plus;
        });
        return OptionalDouble.of(twice[0] / 2.0 / pairs);
    }

    /** How far {@link #auc} may be from that of the scores themselves: half the part of pairs that share a bin. 0 where it is exact. */
    public double aucWithin() {
        if (isExact()) {
            return 0;
        }
        double[] shared = new double[1];
        descend((plus, minus) -> shared[0] += (double) plus * minus);
        double pairs = (double) positives() * negatives();
        return pairs == 0 ? 0 : shared[0] / 2 / pairs;
    }

    /**
     * The average precision, {@code Σ_t (R_t − R_{t−1}) P_t} over the levels t from the highest score down, P_t and R_t precision and recall of
     * all from there up; in (0, 1]. It is the area under the precision-recall curve without interpolation. Empty without a positive.
     */
    public OptionalDouble averagePrecision() {
        long all = positives();
        if (all == 0) {
            return OptionalDouble.empty();
        }
        long[] above = new long[2];
        double[] area = new double[1];
        descend((plus, minus) -> {
            above[0] += plus;
            above[1] += minus;
            area[0] += plus * ((double) above[0] / (above[0] + above[1]));
        });
        return OptionalDouble.of(area[0] / all);
    }

    /** Tells of the levels, the highest score first. */
    void descend(Level level) {
        if (bins != null) {
            for (int b = BINS - 1; b >= 0; b--) {
                if (bins[b] + bins[b + BINS] > 0) {
                    level.at(bins[b], bins[b + BINS]);
                }
            }
            return;
        }
        Arrays.sort(positives, 0, positiveCount);
        Arrays.sort(negatives, 0, negativeCount);
        int p = positiveCount - 1;
        int n = negativeCount - 1;
        while (p >= 0 || n >= 0) {
            float score = n < 0 || (p >= 0 && positives[p] > negatives[n]) ? positives[p] : negatives[n];
            int plus = 0;
            int minus = 0;
            for (; p >= 0 && positives[p] == score; p--) {
                plus++;
            }
            for (; n >= 0 && negatives[n] == score; n--) {
                minus++;
            }
            level.at(plus, minus);
        }
    }

    private void fill() {
        bins = new long[2 * BINS];
        for (int i = 0; i < positiveCount; i++) {
            bins[bin(positives[i])]++;
        }
        for (int i = 0; i < negativeCount; i++) {
            bins[BINS + bin(negatives[i])]++;
        }
        positives = null;
        negatives = null;
    }

    /** The bin of a score, never less for a greater score. */
    static int bin(float score) {
        // 1 − s has no rounding from ½ to 2
        return score < 0.5f ? half(score) : BINS - 1 - half(1 - score);
    }

    private static int half(float q) {
        if (q <= -16f) {
            return 0;
        }
        if (q <= -0x1p-8f) {
            return NEGATIVE - steps(-q, -8);
        }
        return q < 0x1p-24f ? AROUND_ZERO : AROUND_ZERO + 1 + steps(q, -24);
    }

    /** Steps of {@code 1/16} octave from a power of two up to a positive number, as its bits have them. */
    private static int steps(float number, int power) {
        return (Float.floatToIntBits(number) >>> (23 - STEPS_BITS)) - ((EXPONENT_BIAS + power) << STEPS_BITS);
    }

    private static float[] withRoom(float[] numbers, int count, int most) {
        return count <= numbers.length
                ? numbers
                : Arrays.copyOf(numbers, (int) Math.min(most, Math.max(64, 2L * numbers.length)));
    }

    private static float[] joined(float[] a, int aCount, float[] b, int bCount) {
        float[] all = Arrays.copyOf(a, aCount + bCount);
        System.arraycopy(b, 0, all, aCount, bCount);
        return all;
    }
}

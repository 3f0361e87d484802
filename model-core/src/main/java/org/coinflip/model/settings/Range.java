package org.coinflip.model.settings;

/**
 * An interval of numbers, each end open or closed.
 *
 * @param least lower end
 * @param leastIncluded whether the lower end belongs to it
 * @param most upper end
 * @param mostIncluded whether the upper end belongs to it
 */
public record Range(double least, boolean leastIncluded, double most, boolean mostIncluded) {
    /** Every finite number. */
    public static final Range FINITE = new Range(Double.NEGATIVE_INFINITY, false, Double.POSITIVE_INFINITY, false);

    /** (0, ∞). */
    public static final Range POSITIVE = new Range(0, false, Double.POSITIVE_INFINITY, false);

    /** [0, ∞). */
    public static final Range NOT_NEGATIVE = new Range(0, true, Double.POSITIVE_INFINITY, false);

    /** (0, 1). */
    public static final Range FRACTION = new Range(0, false, 1, false);

    /** [0, 1). */
    public static final Range BELOW_ONE = new Range(0, true, 1, false);

    /** (0, 1]. */
    public static final Range UP_TO_ONE = new Range(0, false, 1, true);

    /** [0, 1]. */
    public static final Range UNIT = new Range(0, true, 1, true);

    /** The whole numbers from least to most; the greatest int stands for no end. */
    static Range of(int least, int most) {
        boolean open = most == Integer.MAX_VALUE;
        return new Range(least, true, open ? Double.POSITIVE_INFINITY : most, !open);
    }

    public boolean contains(double value) {
        return (leastIncluded ? value >= least : value > least) && (mostIncluded ? value <= most : value < most);
    }

    @Override
    public String toString() {
        if (this.equals(FINITE)) {
            return "a finite number";
        }
        return "a number in " + (leastIncluded ? "[" : "(") + plain(least) + ", " + plain(most)
                + (mostIncluded ? "]" : ")");
    }

    private static String plain(double end) {
        return Declaration.written(end);
    }
}

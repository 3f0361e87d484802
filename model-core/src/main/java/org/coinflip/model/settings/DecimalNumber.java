package org.coinflip.model.settings;

import java.math.BigDecimal;

/**
 * Numbers as people and data files write them: an optional sign, decimal digits with or without a point, an optional exponent of ten. Java's own
 * {@code 7d}, {@code 1f} and {@code 0x1p3} are none, nor are {@code NaN} and {@code Infinity}.
 */
public final class DecimalNumber {
    /** Where a double ends in these of its last bits it may lie half way between two floats. */
    private static final long HALF_WAY = 1L << 28;

    private static final long BELOW_A_FLOAT = (1L << 29) - 1;

    private DecimalNumber() {}

    /** Whether a text is such a number. */
    public static boolean isOne(String text) {
        try {
            parse(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /**
     * The nearest double; infinite where the number is too large.
     *
     * @throws NumberFormatException where the text is no decimal number
     */
    public static double parse(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
                throw new NumberFormatException(text);
            }
        }
        return Double.parseDouble(text);
    }

    /**
     * The whole number that a text is, such as {@code 12}, {@code 1e3} or {@code 2.0}.
     *
     * @throws ArithmeticException where it is no whole number, or none of 64 bits
     * @throws NumberFormatException where the text is no decimal number
     */
    public static long parseWhole(String text) {
        parse(text);
        return new BigDecimal(text).longValueExact();
    }

    /** The float nearest to the text, whose nearest double is given: rounding twice is not always rounding once. */
    public static float nearestFloat(String text, double value) {
        boolean halfWay = (Double.doubleToRawLongBits(value) & BELOW_A_FLOAT) == HALF_WAY;
        return halfWay || Math.abs(value) < Float.MIN_NORMAL ? Float.parseFloat(text) : (float) value;
    }
}

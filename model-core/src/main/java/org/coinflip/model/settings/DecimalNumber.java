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

    /** Digits of which every number is a double. */
    private static final int EXACT_DIGITS = 15;
    /** Powers of ten that are doubles, as far as {@value #EXACT_DIGITS} digits may be fractions. */
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private DecimalNumber() {}

    /** Whether a text is such a number. */
    public static boolean isOne(String text) {
        return !Double.isNaN(parseOrNaN(text));
    }

    /**
     * The nearest double; infinite where the number is too large.
     *
     * @throws NumberFormatException where the text is no decimal number
     */
    public static double parse(String text) {
        double plain = plain(text);
        return Double.isNaN(plain) ? general(text) : plain;
    }

    /** The nearest double; not a number where the text is no decimal number. */
    public static double parseOrNaN(String text) {
        double plain = plain(text);
        if (!Double.isNaN(plain)) {
            return plain;
        }
        try {
            return general(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /**
     * What most numbers of tables are: an integer below 10¹⁵ divided by a power of ten. Both are doubles, so their quotient, which is rounded once, is the nearest double.
     *
     * @return not a number where the text is anything else
     */
    private static double plain(String text) {
        boolean isNegative = !text.isEmpty() && text.charAt(0) == '-';
        long digits = 0;
        int count = 0;
        int point = -1;
        for (int i = isNegative ? 1 : 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits = 10 * digits + (c - '0');
                if (++count > EXACT_DIGITS) {
                    return Double.NaN;
                }
            } else if (c == '.' && point < 0) {
                point = count;
            } else {
                return Double.NaN;
            }
        }
        if (count == 0) {
            return Double.NaN;
        }
        double value = point < 0 ? digits : digits / POWERS[count - point];
        return isNegative ? -value : value;
    }

    private static double general(String text) {
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

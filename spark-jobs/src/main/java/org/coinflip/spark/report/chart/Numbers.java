package org.coinflip.spark.report.chart;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them, alike in every locale. */
public final class Numbers {
    private static final double SMALLEST_PLAIN = 1e-3;
    private static final double GREATEST_PLAIN = 1e6;

    private Numbers() {}

    /** A whole number, its thousands set off by narrow no-break spaces. */
    public static String count(double value) {
        return String.format(Locale.ROOT, "%,.0f", value).replace(',', '\u202f');
    }

    /** A fraction as a percentage with two decimals. */
    public static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.2f%%", 100 * fraction);
    }

    /** Four significant digits. */
    public static String figure(double value) {
        double size = Math.abs(value);
        if (size != 0 && (size < SMALLEST_PLAIN || size >= GREATEST_PLAIN)) {
            return String.format(Locale.ROOT, "%.3e", value)
                    .replaceFirst("\\.?0*e", "e")
                    .replaceFirst("e\\+?(-?)0*", "e$1");
        }
        return new BigDecimal(rounded(value, 4)).stripTrailingZeros().toPlainString();
    }

    /** A length of time. */
    public static String duration(double seconds) {
        if (seconds < 60) {
            return new BigDecimal(rounded(seconds, 3)).toPlainString() + " s";
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    /** The value to so many significant digits, in the notation of Java. */
    public static String rounded(double value, int digits) {
        return new BigDecimal(value).round(new MathContext(digits)).toString();
    }
}

package org.coinflip.spark.sweep.report;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as short as a picture needs them: pages of thousands of trials hold a million. */
final class Rounded {
    private static final MathContext DIGITS = new MathContext(6);

    private Rounded() {}

    /** Six significant digits; null where the number is not finite, for JSON has no such. */
    static Double of(double value) {
        return Double.isFinite(value) ? (Double) new BigDecimal(value, DIGITS).doubleValue() : null;
    }

    /** A time to the millisecond. */
    static double millis(double seconds) {
        return Math.round(1000 * seconds) / 1e3;
    }
}

package org.coinflip.spark.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WilsonIntervalTest {
    private static final double Z = 1.959963984540054;
    private static final double ROUNDING = 1e-12;

    /** The independent route: at both ends the score test's statistic is the quantile itself. */
    @ParameterizedTest
    @CsvSource({"1, 10", "201, 10000", "5, 5000", "9, 10"})
    void endsWhereTheScoreTestRejects(double errors, double n) {
        double fraction = errors / n;
        WilsonInterval interval = WilsonInterval.of(fraction, n);
        assertEquals(Z, statistic(fraction, interval.low(), n), 1e-9);
        assertEquals(-Z, statistic(fraction, interval.high(), n), 1e-9);
    }

    @Test
    void hasWidthWhereNothingWasWrong() {
        WilsonInterval interval = WilsonInterval.of(0, 100);
        assertEquals(0, interval.low(), ROUNDING);
        assertEquals(Z * Z / (100 + Z * Z), interval.high(), ROUNDING);
        assertTrue(WilsonInterval.of(1, 100).high() <= 1);
    }

    private static double statistic(double fraction, double p, double n) {
        return (fraction - p) / Math.sqrt(p * (1 - p) / n);
    }
}

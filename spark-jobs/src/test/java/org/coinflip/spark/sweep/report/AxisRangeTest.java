package org.coinflip.spark.sweep.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class AxisRangeTest {
    private static final double LN_2 = 0.6931471805599453;

    private static double[] hundredAnd(double... others) {
        return DoubleStream.concat(DoubleStream.iterate(1, x -> x + 1).limit(100), Arrays.stream(others))
                .toArray();
    }

    @Test
    void whatWentWrongIsOutsideAndCounted() {
        AxisRange range = AxisRange.of(hundredAnd(1e6, 1e9, Double.NaN, Double.POSITIVE_INFINITY, 4e7), false);
        assertEquals(3, range.outside());
        assertEquals(103, range.of());
        assertTrue(range.low() < 1 && range.high() > 100 && range.high() < 1000, range.toString());
    }

    @Test
    void theBestIsInsideHoweverFarItIsFromTheOthers() {
        AxisRange least = AxisRange.of(hundredAnd(-500), false);
        assertTrue(least.low() < -500);
        assertEquals(0, least.outside());
        AxisRange most = AxisRange.of(hundredAnd(-500, 900), true);
        assertTrue(most.high() > 900 && most.low() > -500);
        assertEquals(1, most.outside());
    }

    @Test
    void mostlyEqualValuesLeaveNothingOutside() {
        double[] values = new double[20];
        values[3] = 7;
        AxisRange range = AxisRange.of(values, false);
        assertEquals(0, range.outside());
        assertTrue(range.high() > 7);
        AxisRange single = AxisRange.of(new double[] {0.5}, false);
        assertTrue(single.low() < 0.5 && single.high() > 0.5);
    }

    @Test
    void errorsHaveNoAxisBelowNought() {
        assertEquals(0, AxisRange.of(new double[] {0.001, 0.5}, false).low());
    }

    @Test
    void noValuesHaveNoRange() {
        assertNull(AxisRange.of(new double[] {Double.NaN}, false));
    }

    /** Numbers that differ by rounding alone are not drawn apart, and an axis has round numbers between its ends. */
    @Test
    void anAxisIsWiderThanRounding() {
        AxisRange range = AxisRange.of(new double[] {LN_2, Math.nextUp(LN_2)}, false);
        assertTrue(range.high() - range.low() > 0.05 * LN_2, range.toString());
    }
}

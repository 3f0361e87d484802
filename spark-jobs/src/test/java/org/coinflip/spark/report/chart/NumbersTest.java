package org.coinflip.spark.report.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.068912, 0.06891",
        "2, 2",
        "123456, 123500",
        "0.00021, 2.1e-4",
        "-0.5, -0.5",
        "1234567, 1.235e6"
    })
    void figuresHaveFourSignificantDigits(double value, String text) {
        assertEquals(text, Numbers.figure(value));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "0.0421, 0.0421 s",
        "59.94, 59.9 s",
        "754.31, 12 min 34 s",
        "3599.7, 1 h 0 min",
        "90061, 25 h 1 min"
    })
    void durationsAreInTheUnitsOfTheirSize(double seconds, String text) {
        assertEquals(text, Numbers.duration(seconds));
    }
}

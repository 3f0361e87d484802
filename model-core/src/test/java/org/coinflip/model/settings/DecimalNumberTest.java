package org.coinflip.model.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DecimalNumberTest {
    /** What is divided here is what Java's own parser rounds. */
    @Test
    void isTheNearestDouble() {
        Random random = new Random(5);
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
            int digits = 1 + random.nextInt(18);
            int point = random.nextInt(2 * digits);
            for (int d = 0; d < digits; d++) {
                text.append(d == point ? "." : "").append(random.nextInt(10));
            }
            if (random.nextInt(8) == 0) {
                text.append('e').append(random.nextInt(60) - 30);
            }
            double expected = Double.parseDouble(text.toString());
            assertEquals(
                    Double.doubleToRawLongBits(expected),
                    Double.doubleToRawLongBits(DecimalNumber.parse(text.toString())),
                    text.toString());
        }
        assertEquals(Double.doubleToRawLongBits(-0.0), Double.doubleToRawLongBits(DecimalNumber.parse("-0.")));
        assertEquals(Double.POSITIVE_INFINITY, DecimalNumber.parse("1e999"));
    }

    @Test
    void takesDecimalNumbersAlone() {
        for (String text :
                new String[] {"7", "-7.", ".5", "+1", "1e3", "-.5E-3", "00012.50", "123456789012345678901"}) {
            assertTrue(DecimalNumber.isOne(text), text);
        }
        for (String text : new String[] {
            "",
            "-",
            ".",
            "-.",
            "e5",
            "1e",
            "7d",
            "1f",
            "0x1p3",
            "NaN",
            "Infinity",
            " 1",
            "1 ",
            "--1",
            "1.2.3",
            "1-2",
            "\u0661"
        }) {
            assertFalse(DecimalNumber.isOne(text), text);
            assertThrows(NumberFormatException.class, () -> DecimalNumber.parse(text), text);
        }
    }
}

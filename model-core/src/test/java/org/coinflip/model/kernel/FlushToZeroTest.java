package org.coinflip.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerical")
class FlushToZeroTest {
    private static float half(float x) {
        return x / 2;
    }

    private static float product(float x, float y) {
        return x * y;
    }

    @Test
    void isThereWhereTheRegisterIsKnown() {
        String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        assertEquals(FloatControl.of(platform).isPresent(), FlushToZero.isAvailable());
    }

    @Test
    void denormalOperandsCountAsZero() {
        assumeTrue(FlushToZero.isAvailable());
        assertEquals(0x1p-20f, product(0x1p-140f, 0x1p120f));
        try (FlushToZero flushing = FlushToZero.open()) {
            assertEquals(0f, product(0x1p-140f, 0x1p120f));
        }
    }

    /** (1 + 2⁻¹³)(1 − 2⁻¹³) 2⁻¹²⁶ is just below the least normal number and rounds to it. */
    @Test
    void whatRoundingMakesNormalIsFlushedOnArmAlone() {
        assumeTrue(FlushToZero.isAvailable());
        float x = (1 + 0x1p-13f) * 0x1p-63f;
        float y = (1 - 0x1p-13f) * 0x1p-63f;
        assertEquals(Float.MIN_NORMAL, product(x, y));
        try (FlushToZero flushing = FlushToZero.open()) {
            assertEquals(System.getProperty("os.arch").equals("aarch64") ? 0f : Float.MIN_NORMAL, product(x, y));
        }
    }

    @Test
    void denormalsAreZeroInsideAndThereAgainOutside() {
        assumeTrue(FlushToZero.isAvailable());
        try (FlushToZero outer = FlushToZero.open()) {
            assertEquals(0f, half(Float.MIN_NORMAL));
            try (FlushToZero inner = FlushToZero.open()) {
                assertEquals(0f, half(Float.MIN_NORMAL));
            }
            assertEquals(0f, half(Float.MIN_NORMAL), "an inner stretch leaves the outer as it was");
            assertEquals(Float.MIN_NORMAL, half(2 * Float.MIN_NORMAL));
        }
        assertEquals(0x1p-127f, half(Float.MIN_NORMAL));
    }
}

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

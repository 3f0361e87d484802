package org.coinflip.model.kernel.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The emulation of fused multiply-adds, against Java's own. */
class FmaTest {
    private static final float[] SPECIAL = {
        0f,
        1f,
        2f,
        3f,
        0.5f,
        Math.nextUp(1f),
        Math.nextDown(1f),
        0x1p-12f,
        0x1.000002p-12f,
        0x1p12f,
        0x1.fffffep-24f,
        0x1p-24f,
        0x1p-25f,
        0x1p-75f,
        0x1.fffffep-75f,
        0x1p-74f,
        Float.MIN_VALUE,
        3 * Float.MIN_VALUE,
        Math.nextDown(Float.MIN_NORMAL),
        Float.MIN_NORMAL,
        Math.nextUp(Float.MIN_NORMAL),
        0x1p64f,
        Float.MAX_VALUE,
        Float.MAX_VALUE / 2,
        Float.POSITIVE_INFINITY,
        Float.NaN
    };

    private static void agree(float a, float b, float c) {
        float expected = Math.fma(a, b, c);
        float actual = ScalarMath.emulatedFma(a, b, c);
        // Of NaN no bit but that it is one is defined.
        if (Float.floatToIntBits(expected) != Float.floatToIntBits(actual)) {
            assertEquals(
                    expected,
                    actual,
                    Float.toHexString(a) + " · " + Float.toHexString(b) + " + " + Float.toHexString(c));
        }
    }

    @Test
    void roundsOnceAmongSpecialNumbers() {
        for (float a : SPECIAL) {
            for (float b : SPECIAL) {
                for (float c : SPECIAL) {
                    for (int signs = 0; signs < 8; signs++) {
                        agree((signs & 1) == 0 ? a : -a, (signs & 2) == 0 ? b : -b, (signs & 4) == 0 ? c : -c);
                    }
                }
            }
        }
    }

    @Test
    void roundsOnceOnAnyBits() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < numbers(); i++) {
            long ab = random.nextLong();
            agree(
                    Float.intBitsToFloat((int) ab),
                    Float.intBitsToFloat((int) (ab >>> 32)),
                    Float.intBitsToFloat(random.nextInt()));
        }
    }

    /**
     * Where a second rounding shows: c a float and ab = (1 + i 2⁻ᵐ)(1 − i 2⁻ᵐ) = 1 − i² 2⁻²ᵐ of half its last place, so that ab + c lies
     * within less than a double's last place beside the middle between two floats, subnormal and greatest ones included.
     */
    @Test
    void roundsOnceBesideTies() {
        SplittableRandom random = new SplittableRandom(2);
        int differing = 0;
        for (int i = 0; i < numbers(); i++) {
            float c = Math.scalb(1f + random.nextInt(1 << 23) * 0x1p-23f, random.nextInt(-149, 128));
            int half = Math.getExponent((double) Math.ulp(c)) - 1;
            int ofA = half / 2 + random.nextInt(-20, 20);
            float part = Math.scalb((float) random.nextInt(1, 32), -random.nextInt(15, 24));
            float a = Math.scalb(1f + part, ofA);
            float b = Math.scalb(random.nextBoolean() ? 1f - part : 1f, half - ofA);
            float signed = random.nextBoolean() ? c : -c;
            agree(a, b, signed);
            differing += (float) ((double) a * b + signed) != Math.fma(a, b, signed) ? 1 : 0;
        }
        assertTrue(differing > numbers() / 100, "numbers that two roundings change: " + differing);
    }

    /** Java's own takes a microsecond where the processor has none. */
    private static int numbers() {
        return ScalarMath.hasFma() ? 20_000_000 : 200_000;
    }
}

package org.coinflip.model.kernel.operation;

import org.coinflip.model.memory.HotSpot;

/**
 * The elementary functions of the kernels, to about 1–2 units in the last place of their result's scale, by the classical
 * argument reductions and minimax polynomials (Cody and Waite 1980; Moshier's Cephes for the logarithm's coefficients). Written with
 * fused multiply-adds only, so that the vector twin gives the same bits.
 */
public final class ScalarMath {
    /** What HotSpot says. Another JVM is not asked: emulation costs it a few operations, {@link Math#fma} might cost a thousand. */
    private static final boolean HAS_FMA =
            HotSpot.option("UseFMA").map(Boolean::parseBoolean).orElse(false);

    /** e^x stays a normal float between these. */
    public static final float EXP_LEAST = -87.33f;

    public static final float EXP_MOST = 88.37f;

    public static final float LOG2_E = 1.44269504f;

    /** 1.5 · 2²³: adding it rounds to a whole number, which then stands in the low bits. */
    public static final float ROUNDER = 12582912f;

    public static final int ROUNDER_BITS = 0x4B40_0000;

    public static final float LN2_HIGH = 0.693145751953125f;
    public static final float LN2_LOW = 1.428606765330187e-06f;
    public static final float EXP_2 = 0.5f;
    public static final float EXP_3 = 0.16666668f;
    public static final float EXP_4 = 0.041665795f;
    public static final float EXP_5 = 0.008333348f;
    public static final float EXP_6 = 0.0013981999f;

    public static final int SQRT_HALF_BITS = 0x3F35_04F3;
    public static final float LOG_LN2_HIGH = 0.693359375f;
    public static final float LOG_LN2_LOW = -2.12194440e-4f;
    public static final float LOG_1 = 3.3333331174e-1f;
    public static final float LOG_2 = -2.4999993993e-1f;
    public static final float LOG_3 = 2.0000714765e-1f;
    public static final float LOG_4 = -1.6668057665e-1f;
    public static final float LOG_5 = 1.4249322787e-1f;
    public static final float LOG_6 = -1.2420140846e-1f;
    public static final float LOG_7 = 1.1676998740e-1f;
    public static final float LOG_8 = -1.1514610310e-1f;
    public static final float LOG_9 = 7.0376836292e-2f;

    public static final float SIN_1 = 6.2831853f;
    public static final float SIN_3 = -41.341702f;
    public static final float SIN_5 = 81.605249f;
    public static final float SIN_7 = -76.705860f;
    public static final float SIN_9 = 42.058693f;
    public static final float SIN_11 = -15.094643f;

    public static final int ONE_BITS = 0x3F80_0000;

    /** 1 − 2⁻²⁴. */
    public static final float ONE_LESS = 0x1.fffffep-1f;

    private ScalarMath() {}

    /** Whether the JVM fuses by an instruction of the processor. Where it does not, {@link Math#fma} takes a thousand times as long. */
    public static boolean hasFma() {
        return HAS_FMA;
    }

    /** {@code ab + c}, rounded once: {@link Math#fma(float, float, float)} to the bit, fast on every processor. */
    public static float fma(float a, float b, float c) {
        return HAS_FMA ? Math.fma(a, b, c) : emulatedFma(a, b, c);
    }

    /**
     * {@code ab + c}, rounded once, in double precision. The product of two floats (24 bits each) is exact in 53 bits, and so is the
     * error e of its sum s with c (Knuth's TwoSum; all numbers are multiples of 2⁻²⁹⁸ below 2²⁵⁷, so nothing overflows or underflows).
     * Where e is not zero, s is <em>rounded to odd</em>: of the two doubles around ab + c the one with the odd last bit. That keeps what
     * the next rounding has to know, on which side of a float or of the middle between two floats ab + c lies: these are doubles with an
     * even last bit, among subnormal floats and at the overflow threshold too. So rounding the odd one to float rounds ab + c (Boldo and
     * Melquiond, "Emulation of FMA and Correctly Rounded Sums: Proved Algorithms Using Rounding to Odd", IEEE Trans. Computers 2008,
     * theorem 1: two bits more than the target's 24 suffice). With an infinity or NaN e is NaN and s is the answer; a zero s is exact
     * and has the sign that a fused sum has.
     */
    public static float emulatedFma(float a, float b, float c) {
        double product = (double) a * b;
        double s = product + c;
        double ofC = s - product;
        double e = (product - (s - ofC)) + (c - ofC);
        long bits = Double.doubleToRawLongBits(s);
        if ((e > 0 || e < 0) && (bits & 1) == 0) {
            // One step towards ab + c: away from zero where e has the sign of s.
            s = Double.longBitsToDouble((e > 0) == (s > 0) ? bits + 1 : bits - 1);
        }
        return (float) s;
    }

    /** eˣ, x clamped to the range of normal results. */
    public static float exp(float x) {
        float y = Math.min(Math.max(x, EXP_LEAST), EXP_MOST);
        float shifted = fma(y, LOG2_E, ROUNDER);
        float n = shifted - ROUNDER;
        float r = fma(n, -LN2_LOW, fma(n, -LN2_HIGH, y));
        float p = EXP_6;
        p = fma(p, r, EXP_5);
        p = fma(p, r, EXP_4);
        p = fma(p, r, EXP_3);
        p = fma(p, r, EXP_2);
        p = fma(p, r, 1f);
        p = fma(p, r, 1f);
        return Float.intBitsToFloat(Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(shifted) << 23));
    }

    /** Natural logarithm of a positive normal number: x = 2ᵉ (1 + f) with 1 + f in [√½, √2). */
    public static float log(float x) {
        int bits = Float.floatToRawIntBits(x) - SQRT_HALF_BITS;
        float exponent = Float.intBitsToFloat((bits >> 23) + ROUNDER_BITS) - ROUNDER;
        float f = Float.intBitsToFloat((bits & 0x007F_FFFF) + SQRT_HALF_BITS) - 1f;
        float p = LOG_9;
        p = fma(p, f, LOG_8);
        p = fma(p, f, LOG_7);
        p = fma(p, f, LOG_6);
        p = fma(p, f, LOG_5);
        p = fma(p, f, LOG_4);
        p = fma(p, f, LOG_3);
        p = fma(p, f, LOG_2);
        p = fma(p, f, LOG_1);
        float f2 = f * f;
        float y = f2 * f * p;
        y = fma(exponent, LOG_LN2_LOW, y);
        y = fma(f2, -0.5f, y);
        y = f + y;
        return fma(exponent, LOG_LN2_HIGH, y);
    }

    /** σ(x) = 1 / (1 + e⁻ˣ). */
    public static float sigmoid(float x) {
        return 1f / (exp(-x) + 1f);
    }

    /** tanh x = 1 − 2 / (1 + e²ˣ); absolute error about 10⁻⁷. */
    public static float tanh(float x) {
        return 1f - 2f / (exp(x + x) + 1f);
    }

    /** log(1 + eˣ) = max(0, x) + log(1 + e^−|x|). */
    public static float softplus(float x) {
        return log(exp(-Math.abs(x)) + 1f) + Math.max(x, 0f);
    }

    /** A standard logistic number from a uniform one: log(u / (1 − u)). */
    public static float logistic(float u) {
        return log(u / (1f - u));
    }

    /** A standard normal number from two uniform ones, √(−2 log u) cos 2πv, where cos 2πv = −sin 2π(¼ − |v − ½|). */
    public static float normal(float u, float v) {
        float radius = (float) Math.sqrt(log(u) * -2f);
        float s = 0.25f - Math.abs(v - 0.5f);
        float s2 = s * s;
        float p = SIN_11;
        p = fma(p, s2, SIN_9);
        p = fma(p, s2, SIN_7);
        p = fma(p, s2, SIN_5);
        p = fma(p, s2, SIN_3);
        p = fma(p, s2, SIN_1);
        return -(radius * (p * s));
    }

    /** 1 where the difference is negative, else 0. */
    public static float whereNegative(float difference) {
        return Float.intBitsToFloat((Float.floatToRawIntBits(difference) >> 31) & ONE_BITS);
    }
}

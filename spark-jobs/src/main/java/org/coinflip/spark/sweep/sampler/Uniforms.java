package org.coinflip.spark.sweep.sampler;

import org.coinflip.model.noise.NoiseKey;

/**
 * The random numbers of a sweep: pure functions of (seed, purpose, number, draw).
 *
 * @param seed the sweep's
 */
record Uniforms(long seed) {
    private static final int DRAW_BITS = 24;

    /** A uniform number in (0, 1) of 52 bits. */
    double at(int purpose, long number, int draw) {
        return ((word(purpose, number, draw) >>> 12) + 0.5) * 0x1p-52;
    }

    /** 64 random bits. */
    long word(int purpose, long number, int draw) {
        return new NoiseKey(seed, purpose, NoiseKey.SWEEP).longWord((number << DRAW_BITS) + draw);
    }
}

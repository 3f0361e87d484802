package org.coinflip.spark.sweep.sampler;

/**
 * Nested uniform scrambling in base 2: bit k of a coordinate is flipped by a random bit that belongs to the bits before it, so that
 * every elementary interval keeps its points and each point is uniform. Random bits below the last digit fill up the rest.
 *
 * <p>Owen (1995), "Randomly permuted (t,m,s)-nets and (t,s)-sequences".
 */
record OwenScrambling(long seed) {
    /** Purposes from here on, one an axis; others count from 0. */
    private static final int PURPOSE = 1 << 20;

    private static final int DIGITS = 32;

    /** @param x a multiple of 2⁻³² in [0, 1) */
    double scramble(double x, int axis) {
        Uniforms uniforms = new Uniforms(seed);
        long digits = (long) (x * (1L << DIGITS));
        long scrambled = 0;
        for (int k = 0; k < DIGITS; k++) {
            // the node of the tree of prefixes: a leading one tells prefixes of different lengths apart
            long node = (1L << k) | (digits >>> (DIGITS - k));
            long flip = uniforms.word(PURPOSE + axis, node, 0) >>> 63;
            scrambled = (scrambled << 1) | (((digits >>> (DIGITS - 1 - k)) & 1) ^ flip);
        }
        double rest = uniforms.at(PURPOSE + axis, (1L << DIGITS) | digits, 1);
        return (scrambled + rest) / (1L << DIGITS);
    }
}

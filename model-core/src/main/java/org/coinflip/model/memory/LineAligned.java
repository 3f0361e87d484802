package org.coinflip.model.memory;

/**
 * Arrays on the heap whose rows begin with cache lines, where the garbage collector is G1: it gives an array of more than half a region a region of its
 * own, and the numbers of an array begin 16 bytes after the array. A vector of 512 bits that lies on two lines takes the first cache twice as long.
 * Under other collectors the arrays are as any.
 */
public final class LineAligned {
    /** The number of an array that is the first of a line. */
    private static final int FIRST = 12;

    /** Numbers of an array that has more than half a region; 0 without G1. */
    private static final int REGION =
            HotSpot.option("G1HeapRegionSize").map(Integer::parseInt).orElse(0) / 2 / Float.BYTES;

    private LineAligned() {}

    /** Room for rows of so many numbers. One row is not worth a region. */
    public static float[] rows(int rows, int columns) {
        int length = Math.addExact(FIRST, Math.multiplyExact(rows, Matrix.padded(columns)));
        return new float[rows > 1 ? Math.max(length, REGION) : length];
    }

    /** Where a row begins. */
    public static int row(int row, int columns) {
        return FIRST + row * Matrix.padded(columns);
    }
}

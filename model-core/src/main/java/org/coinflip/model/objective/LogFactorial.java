package org.coinflip.model.objective;

/** log x! of counts; nothing is allocated. */
final class LogFactorial {
    /** Up to here by a table. */
    private static final int MOST = 256;

    private static final double[] TABLE = new double[MOST + 1];

    static {
        for (int x = 2; x <= MOST; x++) {
            TABLE[x] = TABLE[x - 1] + StrictMath.log(x);
        }
    }

    private LogFactorial() {}

    /** Beyond the table by Stirling's series, {@code x log x − x + ½ log 2πx + 1/12x − 1/360x³}; what is left out is less than 10⁻¹⁵. */
    static double of(double x) {
        if (x <= MOST) {
            return TABLE[(int) x];
        }
        return x * StrictMath.log(x) - x + StrictMath.log(2 * Math.PI * x) / 2 + (1 - 1 / (30 * x * x)) / (12 * x);
    }
}

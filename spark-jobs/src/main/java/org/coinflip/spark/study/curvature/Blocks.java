package org.coinflip.spark.study.curvature;

/** Products with blocks of weights, inputs × units, that lie in one array of all weights. */
final class Blocks {
    private Blocks() {}

    /** {@code out ← out + x W}. */
    static void addProduct(double[] w, int offset, double[] x, double[] out) {
        int at = offset;
        for (double value : x) {
            for (int j = 0; j < out.length; j++) {
                out[j] += value * w[at + j];
            }
            at += out.length;
        }
    }

    /** {@code out ← out + W δ}. */
    static void addTransposed(double[] w, int offset, double[] delta, double[] out) {
        int at = offset;
        for (int i = 0; i < out.length; i++) {
            double sum = 0;
            for (int j = 0; j < delta.length; j++) {
                sum += w[at + j] * delta[j];
            }
            out[i] += sum;
            at += delta.length;
        }
    }

    /** {@code W ← W + scale · x δᵀ}. */
    static void addOuter(double[] x, double[] delta, double scale, double[] out, int offset) {
        int at = offset;
        for (double value : x) {
            double factor = scale * value;
            for (int j = 0; j < delta.length; j++) {
                out[at + j] += factor * delta[j];
            }
            at += delta.length;
        }
    }
}

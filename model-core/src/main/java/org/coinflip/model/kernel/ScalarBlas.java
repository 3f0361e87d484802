package org.coinflip.model.kernel;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * Matrix products that come out the same, to the bit, on every processor: each number of C is
 * {@code fma(β, c, α · fma(aₖ, bₖ, … fma(a₁, b₁, 0)))}, the terms added one after another in the order of the summed dimension, every
 * operation rounded once. Neither the other rows and columns of the product nor the machine have a part in it.
 *
 * <p>Operands and results smaller in magnitude than 2⁻⁶³ count as zero. So no product of two operands is denormal: such numbers slow some
 * processors a hundred times, and no two kinds of processor that flush them do so alike.
 */
final class ScalarBlas implements Blas {
    /** The bits of 2⁻⁶³, the least number that counts. */
    static final int LEAST_BITS = (127 - 63) << 23;

    /** Room that no product is using. */
    private final AtomicReference<float[]> free = new AtomicReference<>();

    static float counted(float x) {
        int bits = Float.floatToRawIntBits(x);
        int small = ((bits & Integer.MAX_VALUE) - LEAST_BITS) >> 31;
        return Float.intBitsToFloat(bits & ~small);
    }

    /** A number of C from its sum of terms and what it was. */
    static float combined(float alpha, float sum, float beta, float before) {
        float x = alpha * sum;
        return counted(beta == 0f ? x : ScalarMath.fma(beta, before, x));
    }

    @Override
    public void gemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float alpha,
            Matrix a,
            Matrix b,
            float beta,
            Matrix c) {
        float[] found = free.getAndSet(null);
        float[] sums = found == null || found.length < n ? new float[n] : found;
        for (int i = 0; i < m; i++) {
            Arrays.fill(sums, 0, n, 0f);
            for (int t = 0; t < k; t++) {
                float x = counted(transposeA ? a.get(t, i) : a.get(i, t));
                for (int j = 0; j < n; j++) {
                    sums[j] = ScalarMath.fma(x, counted(transposeB ? b.get(j, t) : b.get(t, j)), sums[j]);
                }
            }
            for (int j = 0; j < n; j++) {
                c.set(i, j, combined(alpha, sums[j], beta, beta == 0f ? 0f : c.get(i, j)));
            }
        }
        free.set(sums);
    }

    @Override
    public void axpy(float alpha, Floats x, Floats y) {
        axpy(alpha, x, y, 0);
    }

    static void axpy(float alpha, Floats x, Floats y, int from) {
        for (int i = from; i < x.length(); i++) {
            y.set(i, ScalarMath.fma(alpha, x.get(i), y.get(i)));
        }
    }

    @Override
    public String name() {
        return BlasLibrary.PORTABLE.title();
    }
}

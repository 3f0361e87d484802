package org.coinflip.model.kernel;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * {@link ScalarBlas} for products of one row or a few, as in scoring: the same sums in the same order, so the same bits, but rows of B that
 * a zero of A multiplies are not read, and loops are such that the JVM's compiler makes vectors of them without the Vector API.
 *
 * <p>A term with {@code a = 0} may be left out: a sum begins with +0 and is never −0, for what cancels is +0, so {@code fma(0, b, s) = s} for
 * every finite b.
 *
 * <p>B must have no number that {@link ScalarBlas} would count as zero: {@link #suits}. That is what keeps its loops plain; blocks of other
 * operands are counted as there.
 */
final class RowBlas implements Blas {
    /** Rows of B that are worked on at a time. */
    private static final int BLOCK = 4;

    private final Blas others = new ScalarBlas();

    /** Room that no product is using. */
    private final AtomicReference<Scratch> free = new AtomicReference<>();

    private static final class Scratch {
        private float[] x = {};
        private float[] sums = {};
        private float[] rows = {};

        void require(int n, int k) {
            if (x.length < k) {
                x = new float[k];
            }
            if (sums.length < n) {
                sums = new float[n];
            }
            if (rows.length < BLOCK * Math.max(n, k)) {
                rows = new float[Math.multiplyExact(BLOCK, Math.max(n, k))];
            }
        }
    }

    /** Whether products with these numbers in B come out as {@link ScalarBlas} has them. */
    static boolean suits(Floats numbers) {
        for (int i = 0; i < numbers.length(); i++) {
            float x = numbers.get(i);
            if (!Float.isFinite(x) || ScalarBlas.counted(x) != x) {
                return false;
            }
        }
        return true;
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
        if (transposeA) {
            others.gemm(true, transposeB, m, n, k, alpha, a, b, beta, c);
            return;
        }
        Scratch found = free.getAndSet(null);
        Scratch room = found == null ? new Scratch() : found;
        room.require(n, k);
        for (int i = 0; i < m; i++) {
            a.getRow(i, room.x, 0);
            for (int t = 0; t < k; t++) {
                room.x[t] = ScalarBlas.counted(room.x[t]);
            }
            if (transposeB) {
                dots(room, b, n, k);
            } else {
                combination(room, b, n, k);
            }
            for (int j = 0; j < n; j++) {
                c.set(i, j, ScalarBlas.combined(alpha, room.sums[j], beta, beta == 0f ? 0f : c.get(i, j)));
            }
        }
        free.set(room);
    }

    /** {@code sums ← Σ_t x_t b_t}, b_t the rows of B. */
    private static void combination(Scratch room, Matrix b, int n, int k) {
        float[] x = room.x;
        float[] sums = room.sums;
        float[] rows = room.rows;
        Arrays.fill(sums, 0, n, 0f);
        float x0 = 0f;
        float x1 = 0f;
        float x2 = 0f;
        int block = 0;
        for (int t = 0; t < k; t++) {
            if (x[t] == 0f) {
                continue;
            }
            b.getRow(t, rows, block * n);
            switch (block) {
                case 0 -> x0 = x[t];
                case 1 -> x1 = x[t];
                case 2 -> x2 = x[t];
                default -> addFour(sums, rows, n, x0, x1, x2, x[t]);
            }
            block = (block + 1) % BLOCK;
        }
        if (block > 0) {
            addOne(sums, rows, 0, n, x0);
        }
        if (block > 1) {
            addOne(sums, rows, n, n, x1);
        }
        if (block > 2) {
            addOne(sums, rows, 2 * n, n, x2);
        }
    }

    private static void addFour(float[] sums, float[] rows, int n, float x0, float x1, float x2, float x3) {
        for (int j = 0; j < n; j++) {
            float s = ScalarMath.fma(x0, rows[j], sums[j]);
            s = ScalarMath.fma(x1, rows[n + j], s);
            s = ScalarMath.fma(x2, rows[2 * n + j], s);
            sums[j] = ScalarMath.fma(x3, rows[3 * n + j], s);
        }
    }

    private static void addOne(float[] sums, float[] rows, int from, int n, float x) {
        for (int j = 0; j < n; j++) {
            sums[j] = ScalarMath.fma(x, rows[from + j], sums[j]);
        }
    }

    /** {@code sums_j ← x · b_j}, b_j the rows of B: four sums side by side, for each is a chain. */
    private static void dots(Scratch room, Matrix b, int n, int k) {
        float[] x = room.x;
        float[] rows = room.rows;
        int whole = n / BLOCK * BLOCK;
        for (int j = 0; j < whole; j += BLOCK) {
            for (int r = 0; r < BLOCK; r++) {
                b.getRow(j + r, rows, r * k);
            }
            float s0 = 0f;
            float s1 = 0f;
            float s2 = 0f;
            float s3 = 0f;
            for (int t = 0; t < k; t++) {
                s0 = ScalarMath.fma(x[t], rows[t], s0);
                s1 = ScalarMath.fma(x[t], rows[k + t], s1);
                s2 = ScalarMath.fma(x[t], rows[2 * k + t], s2);
                s3 = ScalarMath.fma(x[t], rows[3 * k + t], s3);
            }
            room.sums[j] = s0;
            room.sums[j + 1] = s1;
            room.sums[j + 2] = s2;
            room.sums[j + 3] = s3;
        }
        for (int j = whole; j < n; j++) {
            b.getRow(j, rows, 0);
            float s = 0f;
            for (int t = 0; t < k; t++) {
                s = ScalarMath.fma(x[t], rows[t], s);
            }
            room.sums[j] = s;
        }
    }

    @Override
    public void axpy(float alpha, Floats x, Floats y) {
        others.axpy(alpha, x, y);
    }

    @Override
    public String name() {
        return others.name();
    }
}

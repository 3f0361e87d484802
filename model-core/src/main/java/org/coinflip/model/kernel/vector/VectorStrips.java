package org.coinflip.model.kernel.vector;

import static org.coinflip.model.kernel.vector.VectorMath.FLOATS;
import static org.coinflip.model.kernel.vector.VectorMath.LANES;
import static org.coinflip.model.kernel.vector.VectorMath.ORDER;
import static org.coinflip.model.kernel.vector.VectorMath.STEP;
import static org.coinflip.model.kernel.vector.VectorMath.load;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import org.coinflip.model.kernel.operation.Gating;
import org.coinflip.model.kernel.operation.Gating.Scratch;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.kernel.scalar.ScalarGating;
import org.coinflip.model.memory.LineAligned;
import org.coinflip.model.memory.Matrix;

/**
 * Products of gated experts by strips of columns, for some experts at a time, whose rows are listed expert after expert. What is of an expert is in
 * registers while the rows that want it go by, and what is of the rows stays in the first cache for all experts.
 */
final class VectorStrips {
    private static final int PARTS = Matrix.ROW_UNIT;
    private static final int BYTES = PARTS * Float.BYTES;

    /** Vectors of a row that are in registers while others go by. The 784 inputs of MNIST are seven times seven of 16. */
    private static final int VECTORS = 7;

    /** Of a strip. */
    static final int COLUMNS = VECTORS * PARTS;

    private VectorStrips() {}

    /** Columns that are taken by strips: none where fewer rows than experts are open, for which one pass over its weights is the faster. */
    static int columns(int width, int pairs, int experts) {
        return pairs < experts ? 0 : width / COLUMNS * COLUMNS;
    }

    /**
     * Lists the rows of which gates are open, expert after expert.
     *
     * @param tile the first of so many experts
     * @return how many pairs of an expert and a row there are
     */
    static int list(int[] open, int experts, int rows, int tile, int count, Scratch scratch) {
        int pairs = 0;
        for (int e = 0; e < count; e++) {
            scratch.starts()[e] = pairs;
            for (int block = 0; block * Gating.BLOCK < rows; block++) {
                int left = open[block * Gating.stride(experts) + tile + e];
                for (; left != 0; left &= left - 1) {
                    scratch.rowOf()[pairs++] = block * Gating.BLOCK + Integer.numberOfTrailingZeros(left);
                }
            }
        }
        scratch.starts()[count] = pairs;
        return pairs;
    }

    /** Adds to the parts of an expert's sums the products of the columns from k on that a strip has: their weights are loaded once for all rows. */
    static void add(ByteBuffer ws, int w, float[] xs, int k, int width, int expert, Scratch scratch) {
        int[] rowOf = scratch.rowOf();
        float[] parts = scratch.parts();
        int start = scratch.starts()[expert];
        int end = scratch.starts()[expert + 1];
        for (int part = 0; start < end && part < PARTS; part += LANES) {
            int at = w + part * Float.BYTES;
            FloatVector w0 = load(ws, at);
            FloatVector w1 = load(ws, at + BYTES);
            FloatVector w2 = load(ws, at + 2 * BYTES);
            FloatVector w3 = load(ws, at + 3 * BYTES);
            FloatVector w4 = load(ws, at + 4 * BYTES);
            FloatVector w5 = load(ws, at + 5 * BYTES);
            FloatVector w6 = load(ws, at + 6 * BYTES);
            for (int p = start; p < end; p++) {
                int x = LineAligned.row(rowOf[p], width) + k + part;
                FloatVector sum = k == 0 ? FloatVector.zero(FLOATS) : load(parts, p * PARTS + part);
                sum = w0.fma(load(xs, x), sum);
                sum = w1.fma(load(xs, x + PARTS), sum);
                sum = w2.fma(load(xs, x + 2 * PARTS), sum);
                sum = w3.fma(load(xs, x + 3 * PARTS), sum);
                sum = w4.fma(load(xs, x + 4 * PARTS), sum);
                sum = w5.fma(load(xs, x + 5 * PARTS), sum);
                sum = w6.fma(load(xs, x + 6 * PARTS), sum);
                sum.intoArray(parts, p * PARTS + part);
            }
        }
    }

    /** Adds to the parts of an expert's sums the products of the last columns, from k on, and writes the sums. */
    static void addLast(Matrix weights, int expert, float[] xs, int k, int place, Scratch scratch, Matrix out) {
        int[] rowOf = scratch.rowOf();
        float[] parts = scratch.parts();
        float[] w = scratch.row();
        int last = weights.columns() - k;
        int end = scratch.starts()[place + 1];
        if (scratch.starts()[place] < end) {
            weights.floats().get(expert * weights.stride() + k, w, 0, last);
        }
        for (int p = scratch.starts()[place]; p < end; p++) {
            addProducts(w, xs, LineAligned.row(rowOf[p], weights.columns()) + k, last, parts, p * PARTS);
            out.set(rowOf[p], expert, ScalarGating.sum(parts, p * PARTS));
        }
    }

    /** Adds so many products to the parts of a sum. */
    static void addProducts(float[] w, float[] xs, int x, int count, float[] parts, int to) {
        int whole = count / PARTS * PARTS;
        for (int part = 0; part < PARTS && whole > 0; part += LANES) {
            FloatVector sum = load(parts, to + part);
            for (int k = part; k < whole; k += PARTS) {
                sum = load(w, k).fma(load(xs, x + k), sum);
            }
            sum.intoArray(parts, to + part);
        }
        for (int k = whole; k < count; k++) {
            int part = to + k - whole;
            parts[part] = ScalarMath.fma(xs[x + k], w[k], parts[part]);
        }
    }

    static boolean isWritten(float carry, int expert, Scratch scratch) {
        return carry != 1f || scratch.starts()[expert] < scratch.starts()[expert + 1];
    }

    /** A strip of an expert's row of the target, from column k on, and the squares of what it becomes where the norm is limited. */
    static void accumulate(
            Matrix target, int row, float[] xs, int k, float carry, float mostNorm, int expert, Scratch scratch) {
        for (int i = k; i < k + COLUMNS; i += VECTORS * LANES) {
            accumulate(target, row, xs, i, carry, expert, scratch);
        }
        if (mostNorm > 0) {
            addSquares(target, row, k, scratch.parts(), expert * PARTS);
        }
    }

    /** Vectors of the target that are loaded and stored once for all rows. */
    private static void accumulate(
            Matrix target, int row, float[] xs, int k, float carry, int expert, Scratch scratch) {
        int[] rowOf = scratch.rowOf();
        float[] factorOf = scratch.factorOf();
        int width = target.columns();
        ByteBuffer ts = target.floats().memory();
        int t = target.rowOffset(row) + k * Float.BYTES;
        FloatVector t0 = VectorGating.carried(load(ts, t), carry);
        FloatVector t1 = VectorGating.carried(load(ts, t + STEP), carry);
        FloatVector t2 = VectorGating.carried(load(ts, t + 2 * STEP), carry);
        FloatVector t3 = VectorGating.carried(load(ts, t + 3 * STEP), carry);
        FloatVector t4 = VectorGating.carried(load(ts, t + 4 * STEP), carry);
        FloatVector t5 = VectorGating.carried(load(ts, t + 5 * STEP), carry);
        FloatVector t6 = VectorGating.carried(load(ts, t + 6 * STEP), carry);
        int end = scratch.starts()[expert + 1];
        for (int p = scratch.starts()[expert]; p < end; p++) {
            int x = LineAligned.row(rowOf[p], width) + k;
            FloatVector factors = FloatVector.broadcast(FLOATS, factorOf[p]);
            t0 = load(xs, x).fma(factors, t0);
            t1 = load(xs, x + LANES).fma(factors, t1);
            t2 = load(xs, x + 2 * LANES).fma(factors, t2);
            t3 = load(xs, x + 3 * LANES).fma(factors, t3);
            t4 = load(xs, x + 4 * LANES).fma(factors, t4);
            t5 = load(xs, x + 5 * LANES).fma(factors, t5);
            t6 = load(xs, x + 6 * LANES).fma(factors, t6);
        }
        t0.intoByteBuffer(ts, t, ORDER);
        t1.intoByteBuffer(ts, t + STEP, ORDER);
        t2.intoByteBuffer(ts, t + 2 * STEP, ORDER);
        t3.intoByteBuffer(ts, t + 3 * STEP, ORDER);
        t4.intoByteBuffer(ts, t + 4 * STEP, ORDER);
        t5.intoByteBuffer(ts, t + 5 * STEP, ORDER);
        t6.intoByteBuffer(ts, t + 6 * STEP, ORDER);
    }

    /** Adds the squares of a strip of a row to the parts of their sum. */
    private static void addSquares(Matrix m, int row, int k, float[] parts, int to) {
        ByteBuffer memory = m.floats().memory();
        int start = m.rowOffset(row) + k * Float.BYTES;
        for (int part = 0; part < PARTS; part += LANES) {
            FloatVector sum = load(parts, to + part);
            int at = start + part * Float.BYTES;
            for (int i = 0; i < VECTORS; i++) {
                FloatVector t = load(memory, at + i * BYTES);
                sum = t.fma(t, sum);
            }
            sum.intoArray(parts, to + part);
        }
    }

    /** The last columns, from k on, and the limit on the row's norm. */
    static void accumulateLast(
            Matrix target, int row, float[] xs, int k, float carry, float mostNorm, int expert, Scratch scratch) {
        int width = target.columns();
        float[] t = scratch.row();
        int last = width - k;
        if (last > 0) {
            int at = row * target.stride() + k;
            target.floats().get(at, t, 0, last);
            for (int i = 0; i < last; i++) {
                t[i] = carry == 0f ? 0f : carry * t[i];
            }
            for (int p = scratch.starts()[expert]; p < scratch.starts()[expert + 1]; p++) {
                VectorGating.add(t, 0, scratch.factorOf()[p], xs, LineAligned.row(scratch.rowOf()[p], width) + k, last);
            }
            target.floats().set(at, t, 0, last);
        }
        if (mostNorm > 0) {
            float[] parts = scratch.parts();
            addProducts(t, t, 0, last, parts, expert * PARTS);
            float factor = ScalarGating.factor(ScalarGating.sum(parts, expert * PARTS), mostNorm);
            if (factor != 1f) {
                target.getRow(row, t, 0);
                VectorGating.scale(t, factor);
                target.setRow(row, t, 0);
            }
        }
    }
}

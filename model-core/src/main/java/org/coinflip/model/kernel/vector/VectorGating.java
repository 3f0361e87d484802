package org.coinflip.model.kernel.vector;

import static org.coinflip.model.kernel.vector.VectorMath.FLOATS;
import static org.coinflip.model.kernel.vector.VectorMath.INTS;
import static org.coinflip.model.kernel.vector.VectorMath.LANES;
import static org.coinflip.model.kernel.vector.VectorMath.ORDER;
import static org.coinflip.model.kernel.vector.VectorMath.STEP;
import static org.coinflip.model.kernel.vector.VectorMath.load;

import java.nio.ByteBuffer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.coinflip.model.kernel.operation.Gating;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.kernel.operation.Updating;
import org.coinflip.model.kernel.scalar.ScalarGating;
import org.coinflip.model.memory.LineAligned;
import org.coinflip.model.memory.Matrix;

/** {@link Gating} on the JDK Vector API. Strips of columns are taken one after the other, so that what is read of the rows stays in the first cache. */
public final class VectorGating implements Gating {
    private static final int PARTS = Matrix.ROW_UNIT;
    private static final int BYTES = PARTS * Float.BYTES;

    /** Vectors of a row that are in registers while others go by. The 784 inputs of MNIST are seven times seven of 16. */
    private static final int STRIP = 7;

    private final ScalarGating scalar = new ScalarGating();

    @Override
    public long mark(Matrix gates, int rows, int[] open) {
        int experts = gates.columns();
        int stride = Gating.stride(experts);
        Arrays.fill(open, 0, Gating.marks(rows, experts), 0);
        ByteBuffer memory = gates.floats().memory();
        for (int r = 0; r < rows; r++) {
            int block = r / BLOCK * stride;
            int at = gates.rowOffset(r);
            for (int j = 0; j < experts; j += LANES, at += STEP) {
                IntVector bits = load(memory, at).reinterpretAsInts().and(0x7FFF_FFFF);
                // 1 where the bits are not all zero: then they or their negative are negative
                IntVector set = bits.or(bits.neg()).lanewise(VectorOperators.LSHR, 31);
                IntVector.fromArray(INTS, open, block + j)
                        .or(set.lanewise(VectorOperators.LSHL, r % BLOCK))
                        .intoArray(open, block + j);
            }
        }
        long count = 0;
        for (int block = 0; block * BLOCK < rows; block++) {
            for (int j = 0; j < experts; j++) {
                count += Integer.bitCount(open[block * stride + j]);
            }
        }
        return count;
    }

    @Override
    public void multiply(Matrix inputs, Matrix weights, int[] open, int rows, Scratch scratch, Matrix out) {
        int experts = weights.rows();
        int width = weights.columns();
        ByteBuffer ws = weights.floats().memory();
        float[] xs = scratch.rows();
        float[] parts = scratch.parts();
        out.clearRows(0, rows);
        read(inputs, rows, xs);
        for (int tile = 0; tile < experts; tile += Scratch.TILE) {
            int count = Math.min(Scratch.TILE, experts - tile);
            int pairs = list(open, experts, rows, tile, count, scratch);
            if (width < STRIP * PARTS) {
                Arrays.fill(parts, 0, pairs * PARTS, 0f);
            }
            int k = 0;
            for (; k <= width - STRIP * PARTS; k += STRIP * PARTS) {
                for (int e = 0; e < count; e++) {
                    addStrip(ws, weights.rowOffset(tile + e) + k * Float.BYTES, xs, k, width, e, scratch);
                }
            }
            for (int e = 0; e < count; e++) {
                addLast(weights, tile + e, xs, k, e, scratch, out);
            }
        }
    }

    /**
     * Lists the rows of which gates are open, expert after expert.
     *
     * @param tile the first of so many experts
     * @return how many pairs of an expert and a row there are
     */
    private static int list(int[] open, int experts, int rows, int tile, int count, Scratch scratch) {
        int pairs = 0;
        for (int e = 0; e < count; e++) {
            scratch.starts()[e] = pairs;
            for (int block = 0; block * BLOCK < rows; block++) {
                int left = open[block * Gating.stride(experts) + tile + e];
                for (; left != 0; left &= left - 1) {
                    scratch.rowOf()[pairs++] = block * BLOCK + Integer.numberOfTrailingZeros(left);
                }
            }
        }
        scratch.starts()[count] = pairs;
        return pairs;
    }

    /** Adds to the parts of an expert's sums the products of the columns from k on that a strip has: their weights are loaded once for all rows. */
    private static void addStrip(ByteBuffer ws, int w, float[] xs, int k, int width, int expert, Scratch scratch) {
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
    private static void addLast(Matrix weights, int expert, float[] xs, int k, int place, Scratch scratch, Matrix out) {
        int[] rowOf = scratch.rowOf();
        float[] parts = scratch.parts();
        float[] w = scratch.row();
        int last = weights.columns() - k;
        int whole = last / PARTS * PARTS;
        weights.floats().get(expert * weights.stride() + k, w, 0, last);
        for (int p = scratch.starts()[place]; p < scratch.starts()[place + 1]; p++) {
            int x = LineAligned.row(rowOf[p], weights.columns()) + k;
            for (int part = 0; part < PARTS && whole > 0; part += LANES) {
                FloatVector sum = load(parts, p * PARTS + part);
                for (int i = part; i < whole; i += PARTS) {
                    sum = load(w, i).fma(load(xs, x + i), sum);
                }
                sum.intoArray(parts, p * PARTS + part);
            }
            for (int i = whole; i < last; i++) {
                int part = p * PARTS + i - whole;
                parts[part] = ScalarMath.fma(xs[x + i], w[i], parts[part]);
            }
            out.set(rowOf[p], expert, ScalarGating.sum(parts, p * PARTS));
        }
    }

    /** Copies the first rows to the heap. */
    private static void read(Matrix m, int rows, float[] to) {
        for (int r = 0; r < rows; r++) {
            m.getRow(r, to, LineAligned.row(r, m.columns()));
        }
    }

    private static void dot(float[] w, float[] xs, int a, int width, float[] parts) {
        int whole = width / PARTS * PARTS;
        for (int part = 0; part < PARTS; part += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int k = part; k < whole; k += PARTS) {
                sum = load(w, k).fma(load(xs, a + k), sum);
            }
            sum.intoArray(parts, part);
        }
        for (int k = whole; k < width; k++) {
            parts[k - whole] = ScalarMath.fma(xs[a + k], w[k], parts[k - whole]);
        }
    }

    @Override
    public void accumulate(
            Matrix delta,
            Matrix inputs,
            int[] open,
            int rows,
            float scale,
            float carry,
            float mostNorm,
            Scratch scratch,
            Matrix target) {
        int experts = target.rows();
        int width = target.columns();
        float[] xs = scratch.rows();
        read(inputs, rows, xs);
        for (int tile = 0; tile < experts; tile += Scratch.TILE) {
            int count = Math.min(Scratch.TILE, experts - tile);
            list(open, experts, rows, tile, count, scratch);
            for (int e = 0; e < count; e++) {
                for (int p = scratch.starts()[e]; p < scratch.starts()[e + 1]; p++) {
                    scratch.factorOf()[p] = scale * delta.get(scratch.rowOf()[p], tile + e);
                }
            }
            Arrays.fill(scratch.parts(), 0, count * PARTS, 0f);
            int k = 0;
            for (; k <= width - STRIP * PARTS; k += STRIP * PARTS) {
                for (int e = 0; e < count; e++) {
                    if (isWritten(carry, e, scratch)) {
                        for (int i = k; i < k + STRIP * PARTS; i += STRIP * LANES) {
                            accumulateStrip(target, tile + e, xs, i, carry, e, scratch);
                        }
                        if (mostNorm > 0) {
                            addSquares(target, tile + e, k, scratch.parts(), e * PARTS);
                        }
                    }
                }
            }
            for (int e = 0; e < count; e++) {
                if (isWritten(carry, e, scratch)) {
                    accumulateLast(target, tile + e, xs, k, carry, mostNorm, e, scratch);
                }
            }
        }
    }

    private static boolean isWritten(float carry, int expert, Scratch scratch) {
        return carry != 1f || scratch.starts()[expert] < scratch.starts()[expert + 1];
    }

    /** The columns from k on that a strip has: a row of the target is loaded and stored once for all rows. */
    private static void accumulateStrip(
            Matrix target, int row, float[] xs, int k, float carry, int expert, Scratch scratch) {
        int[] rowOf = scratch.rowOf();
        float[] factorOf = scratch.factorOf();
        int width = target.columns();
        ByteBuffer ts = target.floats().memory();
        int t = target.rowOffset(row) + k * Float.BYTES;
        FloatVector t0 = carried(load(ts, t), carry);
        FloatVector t1 = carried(load(ts, t + STEP), carry);
        FloatVector t2 = carried(load(ts, t + 2 * STEP), carry);
        FloatVector t3 = carried(load(ts, t + 3 * STEP), carry);
        FloatVector t4 = carried(load(ts, t + 4 * STEP), carry);
        FloatVector t5 = carried(load(ts, t + 5 * STEP), carry);
        FloatVector t6 = carried(load(ts, t + 6 * STEP), carry);
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
            for (int i = 0; i < STRIP; i++) {
                FloatVector t = load(memory, at + i * BYTES);
                sum = t.fma(t, sum);
            }
            sum.intoArray(parts, to + part);
        }
    }

    /** The last columns, from k on, and the limit on the row's norm. */
    private static void accumulateLast(
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
                add(t, 0, scratch.factorOf()[p], xs, LineAligned.row(scratch.rowOf()[p], width) + k, last);
            }
            target.floats().set(at, t, 0, last);
        }
        if (mostNorm > 0) {
            float[] parts = scratch.parts();
            for (int i = 0; i < last; i++) {
                int part = expert * PARTS + i % PARTS;
                parts[part] = ScalarMath.fma(t[i], t[i], parts[part]);
            }
            scaleRow(target, row, ScalarGating.factor(ScalarGating.sum(parts, expert * PARTS), mostNorm), t);
        }
    }

    /** {@code t ← t + factor · x}, at places of two arrays. */
    private static void add(float[] ts, int t, float factor, float[] xs, int x, int width) {
        int whole = width / LANES * LANES;
        FloatVector factors = FloatVector.broadcast(FLOATS, factor);
        for (int k = 0; k < whole; k += LANES) {
            load(xs, x + k).fma(factors, load(ts, t + k)).intoArray(ts, t + k);
        }
        for (int k = whole; k < width; k++) {
            ts[t + k] = ScalarMath.fma(xs[x + k], factor, ts[t + k]);
        }
    }

    private static void scale(float[] t, float factor) {
        for (int k = 0; factor != 1f && k < t.length; k++) {
            t[k] *= factor;
        }
    }

    @Override
    public void drift(
            Matrix weights, Matrix velocity, int row, float rate, float decay, float mostNorm, Scratch scratch) {
        int width = weights.columns();
        float[] w = scratch.row();
        float[] u = scratch.rows();
        weights.getRow(row, w, 0);
        velocity.getRow(row, u, 0);
        add(w, 0, -rate, u, 0, width);
        decay(u, decay, width);
        if (mostNorm > 0) {
            dot(w, w, 0, width, scratch.parts());
            scale(w, ScalarGating.factor(ScalarGating.sum(scratch.parts(), 0), mostNorm));
        }
        weights.setRow(row, w, 0);
        velocity.setRow(row, u, 0);
    }

    private static void decay(float[] u, float factor, int width) {
        for (int k = 0; k < width; k++) {
            float left = u[k] * factor;
            u[k] = Math.abs(left) < Updating.FLUSH ? 0f : left;
        }
    }

    @Override
    public void propagate(
            Matrix delta, Matrix weights, int[] open, int rows, float carry, Scratch scratch, Matrix gradient) {
        int experts = weights.rows();
        int width = weights.columns();
        int stride = Gating.stride(experts);
        float[] gs = scratch.rows();
        float[] w = scratch.row();
        if (carry == 0f) {
            Arrays.fill(gs, 0, LineAligned.row(rows, width), 0f);
        } else {
            read(gradient, rows, gs);
            for (int i = 0; carry != 1f && i < LineAligned.row(rows, width); i++) {
                gs[i] *= carry;
            }
        }
        for (int j = 0; j < experts; j++) {
            if (Gating.isClosed(open, experts, rows, j)) {
                continue;
            }
            weights.getRow(j, w, 0);
            for (int block = 0; block * BLOCK < rows; block++) {
                for (int left = open[block * stride + j]; left != 0; left &= left - 1) {
                    int r = block * BLOCK + Integer.numberOfTrailingZeros(left);
                    add(gs, LineAligned.row(r, width), delta.get(r, j), w, 0, width);
                }
            }
        }
        for (int r = 0; r < rows; r++) {
            gradient.setRow(r, gs, LineAligned.row(r, width));
        }
    }

    @Override
    public void product(Matrix a, Matrix b, float carry, int rows, Matrix out) {
        ByteBuffer as = a.floats().memory();
        ByteBuffer bs = b.floats().memory();
        ByteBuffer os = out.floats().memory();
        int bytes = out.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int ofA = a.rowOffset(r);
            int ofB = b.rowOffset(r);
            int to = out.rowOffset(r);
            for (int at = 0; at < bytes; at += STEP) {
                load(as, ofA + at)
                        .fma(load(bs, ofB + at), carried(load(os, to + at), carry))
                        .intoByteBuffer(os, to + at, ORDER);
            }
        }
    }

    @Override
    public void limitRowNorms(Matrix weights, float most, Scratch scratch) {
        float[] w = scratch.row();
        for (int j = 0; j < weights.rows(); j++) {
            weights.getRow(j, w, 0);
            dot(w, w, 0, weights.columns(), scratch.parts());
            scaleRow(weights, j, ScalarGating.factor(ScalarGating.sum(scratch.parts(), 0), most), w);
        }
    }

    private static void scaleRow(Matrix weights, int row, float factor, float[] room) {
        if (factor != 1f) {
            weights.getRow(row, room, 0);
            scale(room, factor);
            weights.setRow(row, room, 0);
        }
    }

    private static FloatVector carried(FloatVector value, float carry) {
        return carry == 0f ? FloatVector.zero(FLOATS) : value.mul(carry);
    }
}

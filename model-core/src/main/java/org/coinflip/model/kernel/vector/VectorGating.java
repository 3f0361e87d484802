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
import org.coinflip.model.memory.Matrix;

/** {@link Gating} on the JDK Vector API. Rows that want the same expert are taken up to four at a time, so that a weight is loaded once for all. */
public final class VectorGating implements Gating {
    private static final int PARTS = Matrix.ROW_UNIT;

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
        int stride = Gating.stride(experts);
        float[] xs = scratch.rows();
        float[] w = scratch.row();
        float[] parts = scratch.parts();
        clear(out, rows);
        read(inputs, rows, xs);
        for (int j = 0; j < experts; j++) {
            boolean isRead = false;
            for (int block = 0; block * BLOCK < rows; block++) {
                int left = open[block * stride + j];
                if (left != 0 && !isRead) {
                    weights.getRow(j, w, 0);
                    isRead = true;
                }
                while (left != 0) {
                    int a = first(block, left);
                    left &= left - 1;
                    if (left == 0) {
                        dot(w, xs, a * width, width, parts);
                        out.set(a, j, ScalarGating.sum(parts, 0));
                        break;
                    }
                    int b = first(block, left);
                    left &= left - 1;
                    if ((left & left - 1) == 0) {
                        dot2(w, xs, a * width, b * width, width, parts);
                    } else {
                        int c = first(block, left);
                        left &= left - 1;
                        int d = first(block, left);
                        left &= left - 1;
                        dot4(w, xs, a * width, b * width, c * width, d * width, width, parts);
                        out.set(c, j, ScalarGating.sum(parts, 2 * PARTS));
                        out.set(d, j, ScalarGating.sum(parts, 3 * PARTS));
                    }
                    out.set(a, j, ScalarGating.sum(parts, 0));
                    out.set(b, j, ScalarGating.sum(parts, PARTS));
                }
            }
        }
    }

    /** The row of the lowest mark. */
    private static int first(int block, int marks) {
        return block * BLOCK + Integer.numberOfTrailingZeros(marks);
    }

    /** Copies the first rows to the heap, without the padding between them. */
    private static void read(Matrix m, int rows, float[] to) {
        for (int r = 0; r < rows; r++) {
            m.getRow(r, to, r * m.columns());
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
        addLast(w, xs, a, whole, width, parts, 0);
    }

    private static void dot2(float[] w, float[] xs, int a, int b, int width, float[] parts) {
        int whole = width / PARTS * PARTS;
        for (int part = 0; part < PARTS; part += LANES) {
            FloatVector sumA = FloatVector.zero(FLOATS);
            FloatVector sumB = FloatVector.zero(FLOATS);
            for (int k = part; k < whole; k += PARTS) {
                FloatVector weight = load(w, k);
                sumA = weight.fma(load(xs, a + k), sumA);
                sumB = weight.fma(load(xs, b + k), sumB);
            }
            sumA.intoArray(parts, part);
            sumB.intoArray(parts, PARTS + part);
        }
        addLast(w, xs, a, whole, width, parts, 0);
        addLast(w, xs, b, whole, width, parts, PARTS);
    }

    private static void dot4(float[] w, float[] xs, int a, int b, int c, int d, int width, float[] parts) {
        int whole = width / PARTS * PARTS;
        for (int part = 0; part < PARTS; part += LANES) {
            FloatVector sumA = FloatVector.zero(FLOATS);
            FloatVector sumB = FloatVector.zero(FLOATS);
            FloatVector sumC = FloatVector.zero(FLOATS);
            FloatVector sumD = FloatVector.zero(FLOATS);
            for (int k = part; k < whole; k += PARTS) {
                FloatVector weight = load(w, k);
                sumA = weight.fma(load(xs, a + k), sumA);
                sumB = weight.fma(load(xs, b + k), sumB);
                sumC = weight.fma(load(xs, c + k), sumC);
                sumD = weight.fma(load(xs, d + k), sumD);
            }
            sumA.intoArray(parts, part);
            sumB.intoArray(parts, PARTS + part);
            sumC.intoArray(parts, 2 * PARTS + part);
            sumD.intoArray(parts, 3 * PARTS + part);
        }
        addLast(w, xs, a, whole, width, parts, 0);
        addLast(w, xs, b, whole, width, parts, PARTS);
        addLast(w, xs, c, whole, width, parts, 2 * PARTS);
        addLast(w, xs, d, whole, width, parts, 3 * PARTS);
    }

    /** Adds the products of the last columns, fewer than there are parts, each to its part. */
    private static void addLast(float[] w, float[] xs, int x, int whole, int width, float[] parts, int to) {
        for (int k = whole; k < width; k++) {
            int part = to + k - whole;
            parts[part] = ScalarMath.fma(xs[x + k], w[k], parts[part]);
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
        int stride = Gating.stride(experts);
        float[] xs = scratch.rows();
        float[] t = scratch.row();
        read(inputs, rows, xs);
        for (int j = 0; j < experts; j++) {
            if (carry == 1f && Gating.isClosed(open, experts, rows, j)) {
                continue;
            }
            if (carry == 0f) {
                Arrays.fill(t, 0f);
            } else {
                target.getRow(j, t, 0);
                scale(t, carry);
            }
            for (int block = 0; block * BLOCK < rows; block++) {
                int left = open[block * stride + j];
                while (left != 0) {
                    int a = first(block, left);
                    left &= left - 1;
                    if (left == 0) {
                        add(t, 0, scale * delta.get(a, j), xs, a * width, width);
                    } else {
                        int b = first(block, left);
                        left &= left - 1;
                        add2(t, scale * delta.get(a, j), xs, a * width, scale * delta.get(b, j), b * width, width);
                    }
                }
            }
            if (mostNorm > 0) {
                dot(t, t, 0, width, scratch.parts());
                scale(t, ScalarGating.factor(ScalarGating.sum(scratch.parts(), 0), mostNorm));
            }
            target.setRow(j, t, 0);
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

    private static void add2(float[] t, float ofA, float[] xs, int a, float ofB, int b, int width) {
        int whole = width / LANES * LANES;
        FloatVector factorsA = FloatVector.broadcast(FLOATS, ofA);
        FloatVector factorsB = FloatVector.broadcast(FLOATS, ofB);
        for (int k = 0; k < whole; k += LANES) {
            FloatVector sum = load(xs, a + k).fma(factorsA, load(t, k));
            load(xs, b + k).fma(factorsB, sum).intoArray(t, k);
        }
        for (int k = whole; k < width; k++) {
            t[k] = ScalarMath.fma(xs[b + k], ofB, ScalarMath.fma(xs[a + k], ofA, t[k]));
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
            Arrays.fill(gs, 0, rows * width, 0f);
        } else {
            read(gradient, rows, gs);
            for (int i = 0; carry != 1f && i < rows * width; i++) {
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
                    int r = first(block, left);
                    add(gs, r * width, delta.get(r, j), w, 0, width);
                }
            }
        }
        for (int r = 0; r < rows; r++) {
            gradient.setRow(r, gs, r * width);
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
            float factor = ScalarGating.factor(ScalarGating.sum(scratch.parts(), 0), most);
            if (factor != 1f) {
                scale(w, factor);
                weights.setRow(j, w, 0);
            }
        }
    }

    private static void clear(Matrix m, int rows) {
        ByteBuffer memory = m.floats().memory();
        FloatVector none = FloatVector.zero(FLOATS);
        int bytes = m.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int to = m.rowOffset(r);
            for (int at = 0; at < bytes; at += STEP) {
                none.intoByteBuffer(memory, to + at, ORDER);
            }
        }
    }

    private static FloatVector carried(FloatVector value, float carry) {
        return carry == 0f ? FloatVector.zero(FLOATS) : value.mul(carry);
    }
}

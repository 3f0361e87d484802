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
            int pairs = VectorStrips.list(open, experts, rows, tile, count, scratch);
            int strips = VectorStrips.columns(width, pairs, count);
            if (strips == 0) {
                Arrays.fill(parts, 0, pairs * PARTS, 0f);
            }
            for (int k = 0; k < strips; k += VectorStrips.COLUMNS) {
                for (int e = 0; e < count; e++) {
                    VectorStrips.add(ws, weights.rowOffset(tile + e) + k * Float.BYTES, xs, k, width, e, scratch);
                }
            }
            for (int e = 0; e < count; e++) {
                VectorStrips.addLast(weights, tile + e, xs, strips, e, scratch, out);
            }
        }
    }

    /** Copies the first rows to the heap. */
    private static void read(Matrix m, int rows, float[] to) {
        for (int r = 0; r < rows; r++) {
            m.getRow(r, to, LineAligned.row(r, m.columns()));
        }
    }

    /** What brings a row back to a norm of at most {@code most}. */
    private static float factor(float[] w, int width, float most, float[] parts) {
        Arrays.fill(parts, 0, PARTS, 0f);
        VectorStrips.addProducts(w, w, 0, width, parts, 0);
        return ScalarGating.factor(ScalarGating.sum(parts, 0), most);
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
            int pairs = VectorStrips.list(open, experts, rows, tile, count, scratch);
            for (int e = 0; e < count; e++) {
                for (int p = scratch.starts()[e]; p < scratch.starts()[e + 1]; p++) {
                    scratch.factorOf()[p] = scale * delta.get(scratch.rowOf()[p], tile + e);
                }
            }
            Arrays.fill(scratch.parts(), 0, count * PARTS, 0f);
            int strips = VectorStrips.columns(width, pairs, count);
            for (int k = 0; k < strips; k += VectorStrips.COLUMNS) {
                for (int e = 0; e < count; e++) {
                    if (VectorStrips.isWritten(carry, e, scratch)) {
                        VectorStrips.accumulate(target, tile + e, xs, k, carry, mostNorm, e, scratch);
                    }
                }
            }
            for (int e = 0; e < count; e++) {
                if (VectorStrips.isWritten(carry, e, scratch)) {
                    VectorStrips.accumulateLast(target, tile + e, xs, strips, carry, mostNorm, e, scratch);
                }
            }
        }
    }

    /** {@code t ← t + factor · x}, at places of two arrays. */
    static void add(float[] ts, int t, float factor, float[] xs, int x, int width) {
        int whole = width / LANES * LANES;
        FloatVector factors = FloatVector.broadcast(FLOATS, factor);
        for (int k = 0; k < whole; k += LANES) {
            load(xs, x + k).fma(factors, load(ts, t + k)).intoArray(ts, t + k);
        }
        for (int k = whole; k < width; k++) {
            ts[t + k] = ScalarMath.fma(xs[x + k], factor, ts[t + k]);
        }
    }

    static void scale(float[] t, float factor) {
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
            scale(w, factor(w, width, mostNorm, scratch.parts()));
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
            float factor = factor(w, weights.columns(), most, scratch.parts());
            if (factor != 1f) {
                scale(w, factor);
                weights.setRow(j, w, 0);
            }
        }
    }

    static FloatVector carried(FloatVector value, float carry) {
        return carry == 0f ? FloatVector.zero(FLOATS) : value.mul(carry);
    }
}

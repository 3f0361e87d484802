package org.coinflip.model.kernel;

import static org.coinflip.model.kernel.VectorMath.FLOATS;
import static org.coinflip.model.kernel.VectorMath.LANES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** {@link RecurrentCells} on the JDK Vector API. */
final class VectorRecurrentCells implements RecurrentCells {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int STEP = LANES * Float.BYTES;

    @Override
    public void leak(Floats rate, Matrix target, Matrix previous, int rows, Matrix state) {
        ByteBuffer rates = rate.memory();
        ByteBuffer ys = target.floats().memory();
        ByteBuffer ps = previous.floats().memory();
        ByteBuffer hs = state.floats().memory();
        int a = rate.byteOffset(0);
        int bytes = state.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int y = target.rowOffset(r);
            int p = previous.rowOffset(r);
            int h = state.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector alpha = load(rates, a + j);
                FloatVector kept = rest(alpha).mul(load(ps, p + j));
                alpha.fma(load(ys, y + j), kept).intoByteBuffer(hs, h + j, ORDER);
            }
        }
    }

    @Override
    public void leakGradient(Floats rate, int rows, Matrix gradient, Matrix previousGradient) {
        ByteBuffer rates = rate.memory();
        ByteBuffer gs = gradient.floats().memory();
        ByteBuffer ps = previousGradient.floats().memory();
        int a = rate.byteOffset(0);
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int g = gradient.rowOffset(r);
            int p = previousGradient.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector alpha = load(rates, a + j);
                FloatVector upstream = load(gs, g + j);
                rest(alpha).fma(upstream, load(ps, p + j)).intoByteBuffer(ps, p + j, ORDER);
                alpha.mul(upstream).intoByteBuffer(gs, g + j, ORDER);
            }
        }
    }

    @Override
    public void addDots(Matrix m, Floats v, int rows, Floats parts, float[] out) {
        ByteBuffer ms = m.floats().memory();
        ByteBuffer vs = v.memory();
        int b = v.byteOffset(0);
        int columns = m.columns();
        for (int r = 0; r < rows; r++) {
            int a = m.rowOffset(r);
            for (int part = 0; part < Matrix.ROW_UNIT; part += LANES) {
                FloatVector sum = FloatVector.zero(FLOATS);
                for (int j = part; j < columns; j += Matrix.ROW_UNIT) {
                    FloatVector next = load(ms, a + j * Float.BYTES).fma(load(vs, b + j * Float.BYTES), sum);
                    sum = j + LANES <= columns ? next : sum.blend(next, FLOATS.indexInRange(j, columns));
                }
                sum.intoByteBuffer(parts.memory(), parts.byteOffset(part), ORDER);
            }
            out[r] += ScalarElementwise.sum(parts);
        }
    }

    @Override
    public void addOuter(float[] factors, int from, Floats v, int rows, Matrix m) {
        ByteBuffer ms = m.floats().memory();
        ByteBuffer vs = v.memory();
        int b = v.byteOffset(0);
        int bytes = m.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            FloatVector factor = FloatVector.broadcast(FLOATS, factors[from + r]);
            int a = m.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                factor.fma(load(vs, b + j), load(ms, a + j)).intoByteBuffer(ms, a + j, ORDER);
            }
        }
    }

    @Override
    public void skip(float[] open, int from, Matrix target, Matrix previous, int rows, Matrix state) {
        ByteBuffer ys = target.floats().memory();
        ByteBuffer ps = previous.floats().memory();
        ByteBuffer hs = state.floats().memory();
        int bytes = state.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            FloatVector u = FloatVector.broadcast(FLOATS, open[from + r]);
            int y = target.rowOffset(r);
            int p = previous.rowOffset(r);
            int h = state.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                u.fma(load(ys, y + j), rest(u).mul(load(ps, p + j))).intoByteBuffer(hs, h + j, ORDER);
            }
        }
    }

    @Override
    public void skipGradient(
            float[] open,
            int from,
            Matrix target,
            Matrix previous,
            int rows,
            Floats parts,
            Matrix gradient,
            Matrix previousGradient,
            float[] openGradient) {
        ByteBuffer ys = target.floats().memory();
        ByteBuffer ps = previous.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        ByteBuffer ds = previousGradient.floats().memory();
        int columns = gradient.columns();
        for (int r = 0; r < rows; r++) {
            FloatVector u = FloatVector.broadcast(FLOATS, open[from + r]);
            int y = target.rowOffset(r);
            int p = previous.rowOffset(r);
            int g = gradient.rowOffset(r);
            int d = previousGradient.rowOffset(r);
            for (int part = 0; part < Matrix.ROW_UNIT; part += LANES) {
                FloatVector sum = FloatVector.zero(FLOATS);
                for (int j = part; j < columns; j += Matrix.ROW_UNIT) {
                    int at = j * Float.BYTES;
                    FloatVector upstream = load(gs, g + at);
                    FloatVector next = upstream.fma(load(ys, y + at).sub(load(ps, p + at)), sum);
                    sum = j + LANES <= columns ? next : sum.blend(next, FLOATS.indexInRange(j, columns));
                    rest(u).fma(upstream, load(ds, d + at)).intoByteBuffer(ds, d + at, ORDER);
                    u.mul(upstream).intoByteBuffer(gs, g + at, ORDER);
                }
                sum.intoByteBuffer(parts.memory(), parts.byteOffset(part), ORDER);
            }
            openGradient[from + r] = ScalarElementwise.sum(parts);
        }
    }

    @Override
    public void gruState(
            Matrix reset,
            Matrix update,
            Matrix recurrent,
            Floats bias,
            Matrix previous,
            int rows,
            Matrix candidate,
            Matrix state) {
        ByteBuffer rs = reset.floats().memory();
        ByteBuffer zs = update.floats().memory();
        ByteBuffer qs = recurrent.floats().memory();
        ByteBuffer bs = bias.memory();
        ByteBuffer ps = previous.floats().memory();
        ByteBuffer ns = candidate.floats().memory();
        ByteBuffer hs = state.floats().memory();
        int b = bias.byteOffset(0);
        int bytes = state.columns() * Float.BYTES;
        for (int row = 0; row < rows; row++) {
            int r = reset.rowOffset(row);
            int z = update.rowOffset(row);
            int q = recurrent.rowOffset(row);
            int p = previous.rowOffset(row);
            int n = candidate.rowOffset(row);
            int h = state.rowOffset(row);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector from = load(ns, n + j).add(load(bs, b + j));
                FloatVector wanted = VectorMath.tanh(load(rs, r + j).fma(load(qs, q + j), from));
                wanted.intoByteBuffer(ns, n + j, ORDER);
                load(zs, z + j).fma(load(ps, p + j).sub(wanted), wanted).intoByteBuffer(hs, h + j, ORDER);
            }
        }
    }

    @Override
    public void gruGradient(
            Matrix reset,
            Matrix update,
            Matrix candidate,
            Matrix recurrent,
            Matrix previous,
            int rows,
            Matrix gradient,
            Matrix previousGradient) {
        ByteBuffer rs = reset.floats().memory();
        ByteBuffer zs = update.floats().memory();
        ByteBuffer ns = candidate.floats().memory();
        ByteBuffer qs = recurrent.floats().memory();
        ByteBuffer ps = previous.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        ByteBuffer ds = previousGradient.floats().memory();
        int bytes = gradient.columns() * Float.BYTES;
        for (int row = 0; row < rows; row++) {
            int r = reset.rowOffset(row);
            int z = update.rowOffset(row);
            int n = candidate.rowOffset(row);
            int q = recurrent.rowOffset(row);
            int p = previous.rowOffset(row);
            int g = gradient.rowOffset(row);
            int d = previousGradient.rowOffset(row);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector upstream = load(gs, g + j);
                FloatVector opened = load(rs, r + j);
                FloatVector keeps = load(zs, z + j);
                FloatVector wanted = load(ns, n + j);
                FloatVector dn = upstream.mul(rest(keeps)).mul(rest(wanted.mul(wanted)));
                upstream.fma(keeps, load(ds, d + j)).intoByteBuffer(ds, d + j, ORDER);
                dn.mul(load(qs, q + j)).mul(slope(opened)).intoByteBuffer(rs, r + j, ORDER);
                upstream.mul(load(ps, p + j).sub(wanted)).mul(slope(keeps)).intoByteBuffer(zs, z + j, ORDER);
                dn.intoByteBuffer(ns, n + j, ORDER);
                dn.mul(opened).intoByteBuffer(qs, q + j, ORDER);
            }
        }
    }

    @Override
    public void lstmState(
            Matrix input,
            Matrix forget,
            Matrix output,
            Matrix candidate,
            Matrix previousCell,
            int rows,
            Matrix cell,
            Matrix state) {
        ByteBuffer is = input.floats().memory();
        ByteBuffer fs = forget.floats().memory();
        ByteBuffer os = output.floats().memory();
        ByteBuffer ns = candidate.floats().memory();
        ByteBuffer ps = previousCell.floats().memory();
        ByteBuffer cs = cell.floats().memory();
        ByteBuffer hs = state.floats().memory();
        int bytes = state.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int i = input.rowOffset(r);
            int f = forget.rowOffset(r);
            int o = output.rowOffset(r);
            int n = candidate.rowOffset(r);
            int p = previousCell.rowOffset(r);
            int c = cell.rowOffset(r);
            int h = state.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector written = load(is, i + j).mul(load(ns, n + j));
                FloatVector kept = load(fs, f + j).fma(load(ps, p + j), written);
                kept.intoByteBuffer(cs, c + j, ORDER);
                load(os, o + j).mul(VectorMath.tanh(kept)).intoByteBuffer(hs, h + j, ORDER);
            }
        }
    }

    /** In two passes: one that holds more vectors at a time has them boxed by the compiler. */
    @Override
    public void lstmGradient(
            Matrix input,
            Matrix forget,
            Matrix output,
            Matrix candidate,
            Matrix previousCell,
            Matrix cell,
            int rows,
            Matrix gradient,
            Matrix cellGradient,
            Matrix previousCellGradient) {
        shownGradient(output, cell, rows, gradient, cellGradient, previousCellGradient);
        writtenGradient(input, forget, candidate, previousCell, rows, previousCellGradient);
    }

    /** Of the output gates, and of the cells. */
    private static void shownGradient(
            Matrix output, Matrix cell, int rows, Matrix gradient, Matrix cellGradient, Matrix wholeCellGradient) {
        ByteBuffer os = output.floats().memory();
        ByteBuffer cs = cell.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        ByteBuffer es = cellGradient.floats().memory();
        ByteBuffer ds = wholeCellGradient.floats().memory();
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int o = output.rowOffset(r);
            int c = cell.rowOffset(r);
            int g = gradient.rowOffset(r);
            int e = cellGradient.rowOffset(r);
            int d = wholeCellGradient.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector upstream = load(gs, g + j);
                FloatVector shows = load(os, o + j);
                FloatVector shown = VectorMath.tanh(load(cs, c + j));
                upstream.mul(shows).fma(rest(shown.mul(shown)), load(es, e + j)).intoByteBuffer(ds, d + j, ORDER);
                upstream.mul(shown).mul(slope(shows)).intoByteBuffer(os, o + j, ORDER);
            }
        }
    }

    /** Of what cells are made of. */
    private static void writtenGradient(
            Matrix input, Matrix forget, Matrix candidate, Matrix previousCell, int rows, Matrix cellGradient) {
        ByteBuffer is = input.floats().memory();
        ByteBuffer fs = forget.floats().memory();
        ByteBuffer ns = candidate.floats().memory();
        ByteBuffer ps = previousCell.floats().memory();
        ByteBuffer ds = cellGradient.floats().memory();
        int bytes = cellGradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int i = input.rowOffset(r);
            int f = forget.rowOffset(r);
            int n = candidate.rowOffset(r);
            int p = previousCell.rowOffset(r);
            int d = cellGradient.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector dc = load(ds, d + j);
                FloatVector writes = load(is, i + j);
                FloatVector keeps = load(fs, f + j);
                FloatVector wanted = load(ns, n + j);
                dc.mul(keeps).intoByteBuffer(ds, d + j, ORDER);
                dc.mul(wanted).mul(slope(writes)).intoByteBuffer(is, i + j, ORDER);
                dc.mul(load(ps, p + j)).mul(slope(keeps)).intoByteBuffer(fs, f + j, ORDER);
                dc.mul(writes).mul(rest(wanted.mul(wanted))).intoByteBuffer(ns, n + j, ORDER);
            }
        }
    }

    /** {@code 1 − v}. */
    private static FloatVector rest(FloatVector v) {
        return FloatVector.broadcast(FLOATS, 1f).sub(v);
    }

    /** The derivative of a logistic function, given its value: {@code v (1 − v)}. */
    private static FloatVector slope(FloatVector v) {
        return v.mul(rest(v));
    }

    private static FloatVector load(ByteBuffer memory, int at) {
        return FloatVector.fromByteBuffer(FLOATS, memory, at, ORDER);
    }
}

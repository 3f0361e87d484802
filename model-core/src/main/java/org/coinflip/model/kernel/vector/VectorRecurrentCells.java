package org.coinflip.model.kernel.vector;

import static org.coinflip.model.kernel.vector.VectorMath.FLOATS;
import static org.coinflip.model.kernel.vector.VectorMath.LANES;
import static org.coinflip.model.kernel.vector.VectorMath.ORDER;
import static org.coinflip.model.kernel.vector.VectorMath.STEP;
import static org.coinflip.model.kernel.vector.VectorMath.load;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import org.coinflip.model.kernel.operation.RecurrentCells;
import org.coinflip.model.kernel.scalar.ScalarElementwise;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** {@link RecurrentCells} on the JDK Vector API. */
public final class VectorRecurrentCells implements RecurrentCells {
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
    public void addProduct(Matrix reset, Matrix recurrent, int rows, Matrix out) {
        ByteBuffer rs = reset.floats().memory();
        ByteBuffer qs = recurrent.floats().memory();
        ByteBuffer ns = out.floats().memory();
        int bytes = out.columns() * Float.BYTES;
        for (int row = 0; row < rows; row++) {
            int r = reset.rowOffset(row);
            int q = recurrent.rowOffset(row);
            int n = out.rowOffset(row);
            for (int j = 0; j < bytes; j += STEP) {
                load(rs, r + j).fma(load(qs, q + j), load(ns, n + j)).intoByteBuffer(ns, n + j, ORDER);
            }
        }
    }

    @Override
    public void gruState(Matrix update, Matrix candidate, Matrix previous, int rows, Matrix state) {
        ByteBuffer zs = update.floats().memory();
        ByteBuffer ns = candidate.floats().memory();
        ByteBuffer ps = previous.floats().memory();
        ByteBuffer hs = state.floats().memory();
        int bytes = state.columns() * Float.BYTES;
        for (int row = 0; row < rows; row++) {
            int z = update.rowOffset(row);
            int n = candidate.rowOffset(row);
            int p = previous.rowOffset(row);
            int h = state.rowOffset(row);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector wanted = load(ns, n + j);
                load(zs, z + j).fma(load(ps, p + j).sub(wanted), wanted).intoByteBuffer(hs, h + j, ORDER);
            }
        }
    }

    /** In passes of few operations each: of a longer one the compiler inlines the first and boxes the vectors of the last. */
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
        addProduct(gradient, update, rows, previousGradient);
        updatedGradient(update, candidate, previous, rows, gradient);
        resetGradient(reset, recurrent, rows, candidate);
    }

    /** Of the update gates, and of the candidates, in their place. */
    private static void updatedGradient(Matrix update, Matrix candidate, Matrix previous, int rows, Matrix gradient) {
        ByteBuffer zs = update.floats().memory();
        ByteBuffer ns = candidate.floats().memory();
        ByteBuffer ps = previous.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        int bytes = gradient.columns() * Float.BYTES;
        for (int row = 0; row < rows; row++) {
            int z = update.rowOffset(row);
            int n = candidate.rowOffset(row);
            int p = previous.rowOffset(row);
            int g = gradient.rowOffset(row);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector upstream = load(gs, g + j);
                FloatVector keeps = load(zs, z + j);
                FloatVector wanted = load(ns, n + j);
                upstream.mul(load(ps, p + j).sub(wanted)).mul(slope(keeps)).intoByteBuffer(zs, z + j, ORDER);
                upstream.mul(rest(keeps)).mul(rest(wanted.mul(wanted))).intoByteBuffer(ns, n + j, ORDER);
            }
        }
    }

    /** Of the reset gates, and of what the states before send, given that of the candidates. */
    private static void resetGradient(Matrix reset, Matrix recurrent, int rows, Matrix candidateGradient) {
        ByteBuffer rs = reset.floats().memory();
        ByteBuffer qs = recurrent.floats().memory();
        ByteBuffer ns = candidateGradient.floats().memory();
        int bytes = candidateGradient.columns() * Float.BYTES;
        for (int row = 0; row < rows; row++) {
            int r = reset.rowOffset(row);
            int q = recurrent.rowOffset(row);
            int n = candidateGradient.rowOffset(row);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector dn = load(ns, n + j);
                FloatVector opened = load(rs, r + j);
                dn.mul(load(qs, q + j)).mul(slope(opened)).intoByteBuffer(rs, r + j, ORDER);
                dn.mul(opened).intoByteBuffer(qs, q + j, ORDER);
            }
        }
    }

    @Override
    public void lstmCell(Matrix input, Matrix forget, Matrix candidate, Matrix previousCell, int rows, Matrix cell) {
        ByteBuffer is = input.floats().memory();
        ByteBuffer fs = forget.floats().memory();
        ByteBuffer ns = candidate.floats().memory();
        ByteBuffer ps = previousCell.floats().memory();
        ByteBuffer cs = cell.floats().memory();
        int bytes = cell.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int i = input.rowOffset(r);
            int f = forget.rowOffset(r);
            int n = candidate.rowOffset(r);
            int p = previousCell.rowOffset(r);
            int c = cell.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector written = load(is, i + j).mul(load(ns, n + j));
                load(fs, f + j).fma(load(ps, p + j), written).intoByteBuffer(cs, c + j, ORDER);
            }
        }
    }

    @Override
    public void addShownGradient(Matrix output, Matrix shown, Matrix gradient, int rows, Matrix cellGradient) {
        ByteBuffer os = output.floats().memory();
        ByteBuffer ys = shown.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        ByteBuffer es = cellGradient.floats().memory();
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int o = output.rowOffset(r);
            int y = shown.rowOffset(r);
            int g = gradient.rowOffset(r);
            int e = cellGradient.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector value = load(ys, y + j);
                load(gs, g + j)
                        .mul(load(os, o + j))
                        .fma(rest(value.mul(value)), load(es, e + j))
                        .intoByteBuffer(es, e + j, ORDER);
            }
        }
    }

    @Override
    public void lstmWrittenGradient(Matrix input, Matrix candidate, Matrix cellGradient, int rows) {
        ByteBuffer is = input.floats().memory();
        ByteBuffer ns = candidate.floats().memory();
        ByteBuffer ds = cellGradient.floats().memory();
        int bytes = cellGradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int i = input.rowOffset(r);
            int n = candidate.rowOffset(r);
            int d = cellGradient.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector dc = load(ds, d + j);
                FloatVector writes = load(is, i + j);
                FloatVector wanted = load(ns, n + j);
                dc.mul(wanted).mul(slope(writes)).intoByteBuffer(is, i + j, ORDER);
                dc.mul(writes).mul(rest(wanted.mul(wanted))).intoByteBuffer(ns, n + j, ORDER);
            }
        }
    }

    @Override
    public void lstmKeptGradient(Matrix forget, Matrix previousCell, int rows, Matrix cellGradient) {
        ByteBuffer fs = forget.floats().memory();
        ByteBuffer ps = previousCell.floats().memory();
        ByteBuffer ds = cellGradient.floats().memory();
        int bytes = cellGradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int f = forget.rowOffset(r);
            int p = previousCell.rowOffset(r);
            int d = cellGradient.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector dc = load(ds, d + j);
                FloatVector keeps = load(fs, f + j);
                dc.mul(load(ps, p + j)).mul(slope(keeps)).intoByteBuffer(fs, f + j, ORDER);
                dc.mul(keeps).intoByteBuffer(ds, d + j, ORDER);
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
}

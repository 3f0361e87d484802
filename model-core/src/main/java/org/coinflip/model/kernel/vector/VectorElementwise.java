package org.coinflip.model.kernel.vector;

import static org.coinflip.model.kernel.vector.VectorMath.FLOATS;
import static org.coinflip.model.kernel.vector.VectorMath.LANES;
import static org.coinflip.model.kernel.vector.VectorMath.ORDER;
import static org.coinflip.model.kernel.vector.VectorMath.STEP;
import static org.coinflip.model.kernel.vector.VectorMath.load;

import java.nio.ByteBuffer;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.coinflip.model.example.ByteFeatures;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.kernel.operation.Elementwise;
import org.coinflip.model.kernel.operation.FiringRate;
import org.coinflip.model.kernel.scalar.ScalarElementwise;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** {@link Elementwise} on the JDK Vector API. Each kernel has a loop of its own, for a reason that {@link VectorActivations} gives. */
public final class VectorElementwise implements Elementwise {
    /** As many bytes as a vector has floats, or twice as many: there are no vectors of four. */
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(LANES, 8) * Byte.SIZE));

    private final ScalarElementwise tail = new ScalarElementwise();
    private final VectorActivations activations = new VectorActivations();

    @Override
    public void gather(Examples examples, int[] places, int rows, Matrix out) {
        if (!(examples.features() instanceof ByteFeatures features) || features.scale() == null) {
            tail.gather(examples, places, rows, out);
            return;
        }
        int width = examples.width();
        ByteBuffer memory = out.floats().memory();
        byte[] bytes = features.bytes();
        float[] scale = features.scale();
        float[] offset = features.offset();
        for (int r = 0; r < rows; r++) {
            int from = places[r] * width;
            int at = out.rowOffset(r);
            int j = 0;
            for (; j <= width - BYTES.length(); j += LANES) {
                IntVector ints = ((IntVector) ByteVector.fromArray(BYTES, bytes, from + j)
                                .convertShape(VectorOperators.B2I, VectorMath.INTS, 0))
                        .and(0xFF);
                FloatVector floats = (FloatVector) ints.convertShape(VectorOperators.I2F, FLOATS, 0);
                floats.fma(FloatVector.fromArray(FLOATS, scale, j), FloatVector.fromArray(FLOATS, offset, j))
                        .intoByteBuffer(memory, at + j * Float.BYTES, ORDER);
            }
            tail.gatherBytes(features, places[r], j, memory, at);
        }
    }

    @Override
    public void activate(Activation f, Matrix values, Floats bias, int rows) {
        activations.activate(f, values, bias, rows);
    }

    @Override
    public void activationGradient(Activation f, Matrix outputs, Matrix gradient, int rows) {
        activations.activationGradient(f, outputs, gradient, rows);
    }

    @Override
    public void multiply(Matrix factor, Matrix gradient, int rows) {
        ByteBuffer fs = factor.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        for (int r = 0; r < rows; r++) {
            int f = factor.rowOffset(r);
            int g = gradient.rowOffset(r);
            int end = g + gradient.columns() * Float.BYTES;
            for (; g < end; g += STEP, f += STEP) {
                load(gs, g).mul(load(fs, f)).intoByteBuffer(gs, g, ORDER);
            }
        }
    }

    @Override
    public void rescale(Matrix in, float factor, float offset, int rows, Matrix out) {
        ByteBuffer xs = in.floats().memory();
        ByteBuffer ys = out.floats().memory();
        int bytes = in.columns() * Float.BYTES;
        FloatVector shift = FloatVector.broadcast(FLOATS, offset);
        for (int r = 0; r < rows; r++) {
            int x = in.rowOffset(r);
            int y = out.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                load(xs, x + j)
                        .fma(FloatVector.broadcast(FLOATS, factor), shift)
                        .intoByteBuffer(ys, y + j, ORDER);
            }
        }
    }

    @Override
    public void scaleRows(float[] factors, int rows, Matrix m) {
        ByteBuffer memory = m.floats().memory();
        int bytes = m.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int at = m.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                load(memory, at + j).mul(factors[r]).intoByteBuffer(memory, at + j, ORDER);
            }
        }
    }

    @Override
    public void weightedColumnSums(Matrix m, float[] weights, int rows, float scale, float carry, Floats target) {
        ByteBuffer memory = m.floats().memory();
        ByteBuffer out = target.memory();
        int step = m.stride() * Float.BYTES;
        int j = 0;
        for (; j <= m.columns() - LANES; j += LANES) {
            int at = m.rowOffset(0) + j * Float.BYTES;
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int r = 0; r < rows; r++, at += step) {
                sum = load(memory, at).fma(FloatVector.broadcast(FLOATS, weights[r]), sum);
            }
            int to = target.byteOffset(j);
            FloatVector kept =
                    carry == 0f ? FloatVector.zero(FLOATS) : load(out, to).mul(carry);
            sum.fma(FloatVector.broadcast(FLOATS, scale), kept).intoByteBuffer(out, to, ORDER);
        }
        tail.weightedColumnSums(m, weights, j, rows, scale, carry, target);
    }

    @Override
    public void columnSums(Matrix m, int rows, float scale, float carry, Floats target) {
        ByteBuffer memory = m.floats().memory();
        ByteBuffer out = target.memory();
        int step = m.stride() * Float.BYTES;
        int j = 0;
        for (; j <= m.columns() - LANES; j += LANES) {
            int at = m.rowOffset(0) + j * Float.BYTES;
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int r = 0; r < rows; r++, at += step) {
                sum = sum.add(load(memory, at));
            }
            int to = target.byteOffset(j);
            FloatVector kept =
                    carry == 0f ? FloatVector.zero(FLOATS) : load(out, to).mul(carry);
            sum.fma(FloatVector.broadcast(FLOATS, scale), kept).intoByteBuffer(out, to, ORDER);
        }
        tail.columnSums(m, j, rows, scale, carry, target);
    }

    @Override
    public void addLinear(Matrix in, Floats slope, Floats offset, int rows, Matrix out) {
        ByteBuffer from = in.floats().memory();
        ByteBuffer to = out.floats().memory();
        int bytes = out.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int i = in.rowOffset(r);
            int o = out.rowOffset(r);
            int s = slope.byteOffset(0);
            int c = offset.byteOffset(0);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector line = load(from, i + j).fma(load(slope.memory(), s + j), load(offset.memory(), c + j));
                load(to, o + j).add(line).intoByteBuffer(to, o + j, ORDER);
            }
        }
    }

    @Override
    public void scaleColumns(Floats factors, int rows, Matrix m) {
        ByteBuffer memory = m.floats().memory();
        int bytes = m.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int at = m.rowOffset(r);
            int f = factors.byteOffset(0);
            for (int j = 0; j < bytes; j += STEP) {
                load(memory, at + j).mul(load(factors.memory(), f + j)).intoByteBuffer(memory, at + j, ORDER);
            }
        }
    }

    @Override
    public void columnSquares(Matrix m, int rows, float scale, Floats target) {
        ByteBuffer memory = m.floats().memory();
        int step = m.stride() * Float.BYTES;
        int j = 0;
        for (; j <= m.columns() - LANES; j += LANES) {
            int at = m.rowOffset(0) + j * Float.BYTES;
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int r = 0; r < rows; r++, at += step) {
                FloatVector value = load(memory, at);
                sum = value.fma(value, sum);
            }
            sum.mul(scale).intoByteBuffer(target.memory(), target.byteOffset(j), ORDER);
        }
        tail.columnSquares(m, j, rows, scale, target);
    }

    @Override
    public void settle(
            FiringRate rho,
            Matrix field,
            Matrix drive,
            Matrix targets,
            float nudge,
            float step,
            int rows,
            Matrix states,
            Matrix rates) {
        switch (rho) {
            case HARD_SIGMOID -> settleClipped(field, drive, targets, nudge, step, rows, states);
            case SIGMOID -> settleSigmoid(field, drive, targets, nudge, step, rows, states, rates);
            case TANH -> settleTanh(field, drive, targets, nudge, step, rows, states, rates);
        }
    }

    private static void settleClipped(
            Matrix field, Matrix drive, Matrix targets, float nudge, float step, int rows, Matrix states) {
        ByteBuffer fs = field.floats().memory();
        ByteBuffer vs = drive.floats().memory();
        ByteBuffer ts = targets.floats().memory();
        ByteBuffer ss = states.floats().memory();
        int bytes = states.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int f = field.rowOffset(r);
            int v = drive.rowOffset(drive.rows() == 1 ? 0 : r);
            int t = targets.rowOffset(r);
            int at = states.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector s = load(ss, at + j);
                FloatVector pull = load(fs, f + j).add(load(vs, v + j));
                FloatVector force = load(ts, t + j).sub(s).fma(FloatVector.broadcast(FLOATS, nudge), pull.sub(s));
                FloatVector next = force.fma(FloatVector.broadcast(FLOATS, step), s)
                        .max(0f)
                        .min(1f);
                next.intoByteBuffer(ss, at + j, ORDER);
            }
        }
    }

    private static void settleSigmoid(
            Matrix field,
            Matrix drive,
            Matrix targets,
            float nudge,
            float step,
            int rows,
            Matrix states,
            Matrix rates) {
        ByteBuffer fs = field.floats().memory();
        ByteBuffer vs = drive.floats().memory();
        ByteBuffer ts = targets.floats().memory();
        ByteBuffer ss = states.floats().memory();
        ByteBuffer rs = rates.floats().memory();
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        int bytes = states.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int f = field.rowOffset(r);
            int v = drive.rowOffset(drive.rows() == 1 ? 0 : r);
            int t = targets.rowOffset(r);
            int at = states.rowOffset(r);
            int y = rates.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector s = load(ss, at + j);
                FloatVector rate = load(rs, y + j);
                FloatVector pull = load(fs, f + j).add(load(vs, v + j)).mul(rate.mul(one.sub(rate)));
                FloatVector force = load(ts, t + j).sub(s).fma(FloatVector.broadcast(FLOATS, nudge), pull.sub(s));
                FloatVector next = force.fma(FloatVector.broadcast(FLOATS, step), s);
                next.intoByteBuffer(ss, at + j, ORDER);
                VectorMath.sigmoid(next).intoByteBuffer(rs, y + j, ORDER);
            }
        }
    }

    private static void settleTanh(
            Matrix field,
            Matrix drive,
            Matrix targets,
            float nudge,
            float step,
            int rows,
            Matrix states,
            Matrix rates) {
        ByteBuffer fs = field.floats().memory();
        ByteBuffer vs = drive.floats().memory();
        ByteBuffer ts = targets.floats().memory();
        ByteBuffer ss = states.floats().memory();
        ByteBuffer rs = rates.floats().memory();
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        int bytes = states.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int f = field.rowOffset(r);
            int v = drive.rowOffset(drive.rows() == 1 ? 0 : r);
            int t = targets.rowOffset(r);
            int at = states.rowOffset(r);
            int y = rates.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector s = load(ss, at + j);
                FloatVector rate = load(rs, y + j);
                FloatVector pull = load(fs, f + j).add(load(vs, v + j)).mul(one.sub(rate.mul(rate)));
                FloatVector force = load(ts, t + j).sub(s).fma(FloatVector.broadcast(FLOATS, nudge), pull.sub(s));
                FloatVector next = force.fma(FloatVector.broadcast(FLOATS, step), s);
                next.intoByteBuffer(ss, at + j, ORDER);
                VectorMath.tanh(next).intoByteBuffer(rs, y + j, ORDER);
            }
        }
    }

    @Override
    public void add(Matrix in, float factor, float carry, int rows, Matrix out) {
        ByteBuffer xs = in.floats().memory();
        ByteBuffer os = out.floats().memory();
        int bytes = out.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int from = in.rowOffset(r);
            int to = out.rowOffset(r);
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
                FloatVector before = carry == 0f
                        ? FloatVector.zero(FLOATS)
                        : load(os, to + j).mul(carry);
                load(xs, from + j)
                        .fma(FloatVector.broadcast(FLOATS, factor), before)
                        .intoByteBuffer(os, to + j, ORDER);
            }
        }
    }

    @Override
    public void difference(Matrix a, Matrix b, float factor, int rows, Matrix out) {
        ByteBuffer as = a.floats().memory();
        ByteBuffer bs = b.floats().memory();
        ByteBuffer os = out.floats().memory();
        int bytes = out.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int from = a.rowOffset(r);
            int less = b.rowOffset(r);
            int to = out.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                load(as, from + j).sub(load(bs, less + j)).mul(factor).intoByteBuffer(os, to + j, ORDER);
            }
        }
    }
}

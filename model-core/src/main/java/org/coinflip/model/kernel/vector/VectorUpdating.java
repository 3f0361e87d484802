package org.coinflip.model.kernel.vector;

import static org.coinflip.model.kernel.vector.VectorMath.FLOATS;
import static org.coinflip.model.kernel.vector.VectorMath.LANES;
import static org.coinflip.model.kernel.vector.VectorMath.ORDER;
import static org.coinflip.model.kernel.vector.VectorMath.STEP;
import static org.coinflip.model.kernel.vector.VectorMath.load;

import java.nio.ByteBuffer;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.coinflip.model.kernel.operation.Updating;
import org.coinflip.model.kernel.scalar.ScalarUpdating;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** {@link Updating} on the JDK Vector API; what is left of a vector at the end goes to the scalar twin. */
public final class VectorUpdating implements Updating {
    /** As many floats as a vector has doubles. */
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(DoubleVector.SPECIES_PREFERRED.length() * Float.SIZE));

    private final ScalarUpdating tail = new ScalarUpdating();

    @Override
    public void momentum(Floats weights, Floats velocity, float rate, float l2) {
        ByteBuffer ws = weights.memory();
        ByteBuffer vs = velocity.memory();
        int w = weights.byteOffset(0);
        int v = velocity.byteOffset(0);
        int whole = whole(weights);
        for (int i = 0; i < whole; i += LANES, w += STEP, v += STEP) {
            FloatVector weight = load(ws, w);
            FloatVector speed = flush(weight.fma(FloatVector.broadcast(FLOATS, l2), load(vs, v)));
            speed.intoByteBuffer(vs, v, ORDER);
            speed.fma(FloatVector.broadcast(FLOATS, -rate), weight).intoByteBuffer(ws, w, ORDER);
        }
        tail.momentum(weights, velocity, rate, l2, whole);
    }

    @Override
    public void nesterov(Floats weights, Floats gradient, Floats velocity, float rate, float momentum, float l2) {
        ByteBuffer ws = weights.memory();
        ByteBuffer gs = gradient.memory();
        ByteBuffer vs = velocity.memory();
        int w = weights.byteOffset(0);
        int g = gradient.byteOffset(0);
        int v = velocity.byteOffset(0);
        int whole = whole(weights);
        for (int i = 0; i < whole; i += LANES, w += STEP, g += STEP, v += STEP) {
            FloatVector weight = load(ws, w);
            FloatVector slope = weight.fma(FloatVector.broadcast(FLOATS, l2), load(gs, g));
            FloatVector before = load(vs, v).mul(momentum);
            FloatVector after = flush(slope.fma(FloatVector.broadcast(FLOATS, -rate), before));
            after.intoByteBuffer(vs, v, ORDER);
            after.fma(FloatVector.broadcast(FLOATS, 1f + momentum), weight)
                    .sub(before)
                    .intoByteBuffer(ws, w, ORDER);
        }
        tail.nesterov(weights, gradient, velocity, rate, momentum, l2, whole);
    }

    @Override
    public void adam(
            Floats weights,
            Floats gradient,
            Floats mean,
            Floats square,
            float rate,
            float beta1,
            float beta2,
            float epsilon,
            float l2) {
        ByteBuffer ws = weights.memory();
        ByteBuffer gs = gradient.memory();
        ByteBuffer ms = mean.memory();
        ByteBuffer ss = square.memory();
        int w = weights.byteOffset(0);
        int g = gradient.byteOffset(0);
        int m = mean.byteOffset(0);
        int s = square.byteOffset(0);
        int whole = whole(weights);
        for (int i = 0; i < whole; i += LANES, w += STEP, g += STEP, m += STEP, s += STEP) {
            FloatVector weight = load(ws, w);
            FloatVector slope = weight.fma(FloatVector.broadcast(FLOATS, l2), load(gs, g));
            FloatVector first = flush(slope.fma(
                    FloatVector.broadcast(FLOATS, 1f - beta1), load(ms, m).mul(beta1)));
            FloatVector second = flush(slope.mul(slope)
                    .fma(FloatVector.broadcast(FLOATS, 1f - beta2), load(ss, s).mul(beta2)));
            first.intoByteBuffer(ms, m, ORDER);
            second.intoByteBuffer(ss, s, ORDER);
            weight.sub(first.mul(rate).div(second.sqrt().add(epsilon))).intoByteBuffer(ws, w, ORDER);
        }
        tail.adam(weights, gradient, mean, square, rate, beta1, beta2, epsilon, l2, whole);
    }

    @Override
    public void rmsProp(
            Floats weights, Floats gradient, Floats square, float rate, float decay, float epsilon, float l2) {
        ByteBuffer ws = weights.memory();
        ByteBuffer gs = gradient.memory();
        ByteBuffer ss = square.memory();
        int w = weights.byteOffset(0);
        int g = gradient.byteOffset(0);
        int s = square.byteOffset(0);
        int whole = whole(weights);
        for (int i = 0; i < whole; i += LANES, w += STEP, g += STEP, s += STEP) {
            FloatVector weight = load(ws, w);
            FloatVector slope = weight.fma(FloatVector.broadcast(FLOATS, l2), load(gs, g));
            FloatVector second = flush(slope.mul(slope)
                    .fma(FloatVector.broadcast(FLOATS, 1f - decay), load(ss, s).mul(decay)));
            second.intoByteBuffer(ss, s, ORDER);
            weight.sub(slope.mul(rate).div(second.sqrt().add(epsilon))).intoByteBuffer(ws, w, ORDER);
        }
        tail.rmsProp(weights, gradient, square, rate, decay, epsilon, l2, whole);
    }

    @Override
    public void limitColumnNorms(Matrix weights, float most, Floats scratch) {
        int columns = weights.columns();
        // A row's last vector takes in the beginning of the next row: its sums are not used, its factors are 1.
        int padded = (columns + LANES - 1) / LANES * LANES;
        ByteBuffer ws = weights.floats().memory();
        ByteBuffer ss = scratch.memory();
        int sums = scratch.byteOffset(0);
        ScalarUpdating.clear(scratch, columns);
        int r = 0;
        for (; r <= weights.rows() - 4; r += 4) {
            addSquares(ws, weights.rowOffset(r), weights.stride() * Float.BYTES, ss, sums, padded);
        }
        for (; r < weights.rows(); r++) {
            int w = weights.rowOffset(r);
            for (int j = 0; j < padded; j += LANES, w += STEP) {
                FloatVector weight = load(ws, w);
                int s = sums + j * Float.BYTES;
                weight.fma(weight, load(ss, s)).intoByteBuffer(ss, s, ORDER);
            }
        }
        if (!ScalarUpdating.squaresToFactors(columns, most, scratch)) {
            return;
        }
        for (int j = columns; j < padded; j++) {
            ss.putFloat(sums + j * Float.BYTES, 1f);
        }
        for (r = 0; r < weights.rows() - 1; r++) {
            int w = weights.rowOffset(r);
            for (int j = 0; j < padded; j += LANES, w += STEP) {
                load(ws, w).mul(load(ss, sums + j * Float.BYTES)).intoByteBuffer(ws, w, ORDER);
            }
        }
        tail.scale(weights, r, 0, scratch);
    }

    /** Adds the squares of four rows, in order, so that a sum is loaded and stored once for all four. */
    private static void addSquares(ByteBuffer ws, int row, int stride, ByteBuffer ss, int sums, int columns) {
        for (int j = 0; j < columns; j += LANES) {
            int w = row + j * Float.BYTES;
            int s = sums + j * Float.BYTES;
            FloatVector a = load(ws, w);
            FloatVector b = load(ws, w + stride);
            FloatVector c = load(ws, w + 2 * stride);
            FloatVector d = load(ws, w + 3 * stride);
            d.fma(d, c.fma(c, b.fma(b, a.fma(a, load(ss, s))))).intoByteBuffer(ss, s, ORDER);
        }
    }

    @Override
    public void mean(Floats a, double weightOfA, Floats b, double weightOfB) {
        ByteBuffer as = a.memory();
        ByteBuffer bs = b.memory();
        int i = a.byteOffset(0);
        int j = b.byteOffset(0);
        int step = HALF.vectorByteSize();
        int whole = a.length() / HALF.length() * HALF.length();
        for (int end = i + whole * Float.BYTES; i < end; i += step, j += step) {
            // not fused: the scalar twin rounds both products
            DoubleVector mean = widen(as, i).mul(weightOfA).add(widen(bs, j).mul(weightOfB));
            ((FloatVector) mean.convertShape(VectorOperators.D2F, HALF, 0)).intoByteBuffer(as, i, ORDER);
        }
        tail.mean(a, weightOfA, b, weightOfB, whole);
    }

    private static DoubleVector widen(ByteBuffer memory, int at) {
        return (DoubleVector) FloatVector.fromByteBuffer(HALF, memory, at, ORDER)
                .convertShape(VectorOperators.F2D, DoubleVector.SPECIES_PREFERRED, 0);
    }

    @Override
    public boolean isFinite(Floats vector) {
        ByteBuffer memory = vector.memory();
        int at = vector.byteOffset(0);
        int whole = whole(vector);
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < whole; i += LANES, at += STEP) {
            FloatVector value = load(memory, at);
            // 0 where it is finite, else NaN
            sum = sum.add(value.sub(value));
        }
        return sum.reduceLanes(VectorOperators.ADD) == 0f && tail.isFinite(vector, whole);
    }

    /** Zero where the magnitude is below {@link Updating#FLUSH}, by comparing the bits without the sign. */
    private static FloatVector flush(FloatVector v) {
        IntVector bits = v.reinterpretAsInts();
        IntVector small = bits.and(0x7FFF_FFFF).sub(ScalarUpdating.FLUSH_BITS).lanewise(VectorOperators.ASHR, 31);
        return bits.and(small.not()).reinterpretAsFloats();
    }

    private static int whole(Floats vector) {
        return vector.length() / LANES * LANES;
    }
}

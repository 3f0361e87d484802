package org.coinflip.model.kernel.vector;

import static org.coinflip.model.kernel.vector.VectorMath.FLOATS;
import static org.coinflip.model.kernel.vector.VectorMath.LANES;
import static org.coinflip.model.kernel.vector.VectorMath.ORDER;
import static org.coinflip.model.kernel.vector.VectorMath.STEP;
import static org.coinflip.model.kernel.vector.VectorMath.load;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import org.coinflip.model.kernel.operation.Normalising;
import org.coinflip.model.kernel.scalar.ScalarElementwise;
import org.coinflip.model.kernel.scalar.ScalarNormalising;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * {@link Normalising} on the JDK Vector API. Groups lie side by side, so that a vector past the end of one would be of the next: what is left of a group after its
 * whole vectors is computed number by number.
 */
public final class VectorNormalising implements Normalising {
    @Override
    public void standardise(Matrix in, int size, float epsilon, int rows, Floats parts, float[] scales, Matrix out) {
        int groups = in.columns() / size;
        int whole = size / LANES * LANES;
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < groups; i++) {
                int first = i * size;
                int at = in.rowOffset(r) + first * Float.BYTES;
                sum(in.floats().memory(), at, whole, parts);
                ScalarNormalising.addSum(in, r, first, whole, size, parts);
                float mean = ScalarElementwise.sum(parts) / size;
                squares(in.floats().memory(), at, mean, whole, parts);
                ScalarNormalising.addSquares(in, r, first, mean, whole, size, parts);
                float scale = ScalarNormalising.scale(ScalarElementwise.sum(parts) / size, epsilon);
                scales[r * groups + i] = scale;
                int to = out.rowOffset(r) + first * Float.BYTES;
                write(in.floats().memory(), at, mean, scale, whole, out.floats().memory(), to);
                ScalarNormalising.write(in, r, first, mean, scale, whole, size, out);
            }
        }
    }

    private static void sum(ByteBuffer xs, int at, int whole, Floats parts) {
        for (int part = 0; part < Matrix.ROW_UNIT; part += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int j = part; j < whole; j += Matrix.ROW_UNIT) {
                sum = sum.add(load(xs, at + j * Float.BYTES));
            }
            sum.intoByteBuffer(parts.memory(), parts.byteOffset(part), ORDER);
        }
    }

    private static void squares(ByteBuffer xs, int at, float mean, int whole, Floats parts) {
        for (int part = 0; part < Matrix.ROW_UNIT; part += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int j = part; j < whole; j += Matrix.ROW_UNIT) {
                FloatVector deviation = load(xs, at + j * Float.BYTES).sub(mean);
                sum = deviation.fma(deviation, sum);
            }
            sum.intoByteBuffer(parts.memory(), parts.byteOffset(part), ORDER);
        }
    }

    private static void write(ByteBuffer xs, int at, float mean, float scale, int whole, ByteBuffer ys, int to) {
        int bytes = whole * Float.BYTES;
        for (int j = 0; j < bytes; j += STEP) {
            load(xs, at + j).sub(mean).mul(scale).intoByteBuffer(ys, to + j, ORDER);
        }
    }

    @Override
    public void standardiseGradient(
            Matrix standardised,
            float[] scales,
            Floats factors,
            Matrix upstream,
            int size,
            int rows,
            float carry,
            Floats parts,
            Matrix gradient) {
        int groups = upstream.columns() / size;
        int whole = size / LANES * LANES;
        ByteBuffer fs = factors.memory();
        ByteBuffer gs = upstream.floats().memory();
        ByteBuffer ys = standardised.floats().memory();
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < groups; i++) {
                int first = i * size;
                int f = factors.byteOffset(first);
                int g = upstream.rowOffset(r) + first * Float.BYTES;
                int y = standardised.rowOffset(r) + first * Float.BYTES;
                scaled(fs, f, gs, g, whole, parts);
                ScalarNormalising.addScaled(factors, upstream, r, first, whole, size, parts);
                float mean = ScalarElementwise.sum(parts) / size;
                products(ys, y, fs, f, gs, g, whole, parts);
                ScalarNormalising.addProducts(standardised, factors, upstream, r, first, whole, size, parts);
                float slope = -(ScalarElementwise.sum(parts) / size);
                float scale = scales[r * groups + i];
                int to = gradient.rowOffset(r) + first * Float.BYTES;
                ByteBuffer ds = gradient.floats().memory();
                writeGradient(ys, y, fs, f, gs, g, mean, slope, scale, whole, carry, ds, to);
                ScalarNormalising.writeGradient(
                        standardised, factors, upstream, r, first, mean, slope, scale, whole, size, carry, gradient);
            }
        }
    }

    private static void scaled(ByteBuffer fs, int f, ByteBuffer gs, int g, int whole, Floats parts) {
        for (int part = 0; part < Matrix.ROW_UNIT; part += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int j = part; j < whole; j += Matrix.ROW_UNIT) {
                sum = sum.add(load(fs, f + j * Float.BYTES).mul(load(gs, g + j * Float.BYTES)));
            }
            sum.intoByteBuffer(parts.memory(), parts.byteOffset(part), ORDER);
        }
    }

    private static void products(
            ByteBuffer ys, int y, ByteBuffer fs, int f, ByteBuffer gs, int g, int whole, Floats parts) {
        for (int part = 0; part < Matrix.ROW_UNIT; part += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int j = part; j < whole; j += Matrix.ROW_UNIT) {
                int at = j * Float.BYTES;
                sum = load(fs, f + at).mul(load(gs, g + at)).fma(load(ys, y + at), sum);
            }
            sum.intoByteBuffer(parts.memory(), parts.byteOffset(part), ORDER);
        }
    }

    private static void writeGradient(
            ByteBuffer ys,
            int y,
            ByteBuffer fs,
            int f,
            ByteBuffer gs,
            int g,
            float mean,
            float slope,
            float scale,
            int whole,
            float carry,
            ByteBuffer ds,
            int to) {
        int bytes = whole * Float.BYTES;
        for (int j = 0; j < bytes; j += STEP) {
            FloatVector centred = load(fs, f + j).mul(load(gs, g + j)).sub(mean);
            FloatVector all = load(ys, y + j).fma(FloatVector.broadcast(FLOATS, slope), centred);
            FloatVector before = carry == 0f ? FloatVector.zero(FLOATS) : load(ds, to + j);
            all.fma(FloatVector.broadcast(FLOATS, scale), before).intoByteBuffer(ds, to + j, ORDER);
        }
    }

    @Override
    public void normalise(Matrix in, Floats means, Floats factors, Floats offsets, int rows, Matrix out) {
        ByteBuffer xs = in.floats().memory();
        ByteBuffer ys = out.floats().memory();
        int m = means.byteOffset(0);
        int f = factors.byteOffset(0);
        int o = offsets.byteOffset(0);
        int bytes = in.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int x = in.rowOffset(r);
            int y = out.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                load(xs, x + j)
                        .sub(load(means.memory(), m + j))
                        .fma(load(factors.memory(), f + j), load(offsets.memory(), o + j))
                        .intoByteBuffer(ys, y + j, ORDER);
            }
        }
    }

    @Override
    public void squaredDeviations(Matrix m, Floats means, float[] weights, int rows, Floats target) {
        ByteBuffer xs = m.floats().memory();
        int step = m.stride() * Float.BYTES;
        int bytes = m.columns() * Float.BYTES;
        for (int j = 0; j < bytes; j += STEP) {
            FloatVector mean = load(means.memory(), means.byteOffset(0) + j);
            FloatVector sum = FloatVector.zero(FLOATS);
            int at = m.rowOffset(0) + j;
            for (int r = 0; r < rows; r++, at += step) {
                FloatVector deviation = load(xs, at).sub(mean);
                sum = deviation.mul(deviation).fma(FloatVector.broadcast(FLOATS, weights[r]), sum);
            }
            sum.intoByteBuffer(target.memory(), target.byteOffset(0) + j, ORDER);
        }
    }

    @Override
    public void gradientSums(
            Matrix in, Floats means, Matrix upstream, float[] weights, int rows, Floats sums, Floats products) {
        ByteBuffer xs = in.floats().memory();
        ByteBuffer gs = upstream.floats().memory();
        int bytes = in.columns() * Float.BYTES;
        for (int j = 0; j < bytes; j += STEP) {
            FloatVector mean = load(means.memory(), means.byteOffset(0) + j);
            FloatVector sum = FloatVector.zero(FLOATS);
            FloatVector product = FloatVector.zero(FLOATS);
            for (int r = 0; r < rows; r++) {
                FloatVector weighted = load(gs, upstream.rowOffset(r) + j).mul(weights[r]);
                sum = sum.add(weighted);
                product = weighted.fma(load(xs, in.rowOffset(r) + j).sub(mean), product);
            }
            sum.intoByteBuffer(sums.memory(), sums.byteOffset(0) + j, ORDER);
            product.intoByteBuffer(products.memory(), products.byteOffset(0) + j, ORDER);
        }
    }

    @Override
    public void normaliseGradient(
            Matrix in,
            Floats means,
            Floats factors,
            Floats meanGradients,
            Floats slopes,
            Matrix upstream,
            int rows,
            float carry,
            Matrix gradient) {
        ByteBuffer xs = in.floats().memory();
        ByteBuffer gs = upstream.floats().memory();
        ByteBuffer ds = gradient.floats().memory();
        int m = means.byteOffset(0);
        int f = factors.byteOffset(0);
        int a = meanGradients.byteOffset(0);
        int s = slopes.byteOffset(0);
        int bytes = in.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int x = in.rowOffset(r);
            int g = upstream.rowOffset(r);
            int to = gradient.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector centred = load(gs, g + j).sub(load(meanGradients.memory(), a + j));
                FloatVector deviation = load(xs, x + j).sub(load(means.memory(), m + j));
                FloatVector whole = deviation.fma(load(slopes.memory(), s + j), centred);
                FloatVector before = carry == 0f ? FloatVector.zero(FLOATS) : load(ds, to + j);
                whole.fma(load(factors.memory(), f + j), before).intoByteBuffer(ds, to + j, ORDER);
            }
        }
    }
}

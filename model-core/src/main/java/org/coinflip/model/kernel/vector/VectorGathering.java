package org.coinflip.model.kernel.vector;

import static org.coinflip.model.kernel.vector.VectorMath.FLOATS;
import static org.coinflip.model.kernel.vector.VectorMath.LANES;
import static org.coinflip.model.kernel.vector.VectorMath.ORDER;
import static org.coinflip.model.kernel.vector.VectorMath.STEP;
import static org.coinflip.model.kernel.vector.VectorMath.load;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import org.coinflip.model.kernel.operation.Gathering;
import org.coinflip.model.kernel.scalar.ScalarGathering;
import org.coinflip.model.kernel.scalar.ScalarGating;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** {@link Gathering} on the JDK Vector API. Rows need not be padded: what a vector has beyond a row is written back as it was. */
public final class VectorGathering implements Gathering {
    @Override
    public void multiply(
            Matrix inputs,
            Matrix weights,
            Floats biases,
            int[] first,
            int count,
            int rows,
            float[] parts,
            Matrix out,
            int column) {
        ByteBuffer xs = inputs.floats().memory();
        ByteBuffer ws = weights.floats().memory();
        for (int r = 0; r < rows; r++) {
            int x = inputs.rowOffset(r);
            for (int j = 0; j < count; j++) {
                int unit = first[r] + j;
                float product = dot(xs, x, ws, weights.rowOffset(unit), weights.columns(), parts);
                out.set(r, column + j, biases.get(unit) + product);
            }
        }
    }

    private static float dot(ByteBuffer as, int a, ByteBuffer bs, int b, int columns, float[] parts) {
        for (int part = 0; part < Matrix.ROW_UNIT; part += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int k = part; k < columns; k += Matrix.ROW_UNIT) {
                FloatVector next = load(as, a + k * Float.BYTES).fma(load(bs, b + k * Float.BYTES), sum);
                sum = k + LANES <= columns ? next : sum.blend(next, FLOATS.indexInRange(k, columns));
            }
            sum.intoArray(parts, part);
        }
        return ScalarGating.sum(parts, 0);
    }

    @Override
    public void propagate(Matrix delta, int column, Matrix weights, int[] first, int count, int rows, Matrix gradient) {
        ByteBuffer ws = weights.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        for (int r = 0; r < rows; r++) {
            int g = gradient.rowOffset(r);
            for (int j = 0; j < count; j++) {
                add(delta.get(r, column + j), ws, weights.rowOffset(first[r] + j), gs, g, gradient.columns());
            }
        }
    }

    @Override
    public void accumulate(
            Matrix delta, int column, Matrix inputs, int[] first, int count, int rows, float scale, Matrix target) {
        ByteBuffer xs = inputs.floats().memory();
        ByteBuffer ts = target.floats().memory();
        for (int r = 0; r < rows; r++) {
            int x = inputs.rowOffset(r);
            for (int j = 0; j < count; j++) {
                float factor = scale * delta.get(r, column + j);
                add(factor, xs, x, ts, target.rowOffset(first[r] + j), target.columns());
            }
        }
    }

    private static void add(float factor, ByteBuffer from, int x, ByteBuffer to, int t, int columns) {
        FloatVector factors = FloatVector.broadcast(FLOATS, factor);
        for (int k = 0; k < columns; k += LANES) {
            FloatVector before = load(to, t + k * Float.BYTES);
            FloatVector sum = factors.fma(load(from, x + k * Float.BYTES), before);
            FloatVector kept = k + LANES <= columns ? sum : before.blend(sum, FLOATS.indexInRange(k, columns));
            kept.intoByteBuffer(to, t + k * Float.BYTES, ORDER);
        }
    }

    @Override
    public void addRow(float factor, Matrix from, int row, Matrix to, int toRow, int column) {
        int t = to.rowOffset(toRow) + column * Float.BYTES;
        add(factor, from.floats().memory(), from.rowOffset(row), to.floats().memory(), t, from.columns());
    }

    @Override
    public void scaleRow(float factor, Matrix from, int row, int column, Matrix to, int toRow) {
        ByteBuffer xs = from.floats().memory();
        ByteBuffer ys = to.floats().memory();
        int x = from.rowOffset(row) + column * Float.BYTES;
        int y = to.rowOffset(toRow);
        int bytes = to.columns() * Float.BYTES;
        for (int at = 0; at < bytes; at += STEP) {
            load(xs, x + at).mul(factor).intoByteBuffer(ys, y + at, ORDER);
        }
    }

    @Override
    public float dot(Matrix a, int row, int column, Matrix b, int rowOfB, float[] parts) {
        int from = a.rowOffset(row) + column * Float.BYTES;
        return dot(a.floats().memory(), from, b.floats().memory(), b.rowOffset(rowOfB), b.columns(), parts);
    }

    @Override
    public void limitNorms(Matrix weights, int[] first, int count, int rows, float most, float[] parts) {
        ByteBuffer ws = weights.floats().memory();
        for (int r = 0; r < rows; r++) {
            for (int unit = first[r]; unit < first[r] + count; unit++) {
                int w = weights.rowOffset(unit);
                float square = dot(ws, w, ws, w, weights.columns(), parts);
                ScalarGathering.scale(weights, unit, ScalarGating.factor(square, most));
            }
        }
    }
}

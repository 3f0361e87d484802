package org.coinflip.model.kernel.vector;

import static org.coinflip.model.kernel.vector.VectorMath.FLOATS;
import static org.coinflip.model.kernel.vector.VectorMath.LANES;
import static org.coinflip.model.kernel.vector.VectorMath.ORDER;
import static org.coinflip.model.kernel.vector.VectorMath.STEP;
import static org.coinflip.model.kernel.vector.VectorMath.load;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.coinflip.model.kernel.operation.Losses;
import org.coinflip.model.kernel.scalar.ScalarElementwise;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** {@link Losses} on the JDK Vector API. */
public final class VectorLosses implements Losses {
    @Override
    public void bernoulliLoss(
            Matrix outputs, Matrix targets, int examples, int rows, float weight, Floats parts, float[] losses) {
        ByteBuffer ys = outputs.floats().memory();
        ByteBuffer xs = targets.floats().memory();
        int whole = outputs.columns() / Matrix.ROW_UNIT * Matrix.ROW_UNIT;
        for (int r = 0; r < rows; r++) {
            int y = outputs.rowOffset(r);
            int x = targets.rowOffset(r % examples);
            for (int part = 0; part < Matrix.ROW_UNIT; part += LANES) {
                FloatVector sum = FloatVector.zero(FLOATS);
                int j = part;
                for (; j < whole; j += Matrix.ROW_UNIT) {
                    sum = sum.add(bernoulli(ys, y + j * Float.BYTES, xs, x + j * Float.BYTES, weight));
                }
                if (j < outputs.columns()) {
                    FloatVector last = bernoulli(ys, y + j * Float.BYTES, xs, x + j * Float.BYTES, weight);
                    sum = sum.add(last, FLOATS.indexInRange(j, outputs.columns()));
                }
                sum.intoByteBuffer(parts.memory(), parts.byteOffset(part), ORDER);
            }
            losses[r] = ScalarElementwise.sum(parts);
        }
    }

    /** The losses of some outputs, which become their gradients. */
    private static FloatVector bernoulli(ByteBuffer ys, int at, ByteBuffer xs, int target, float weight) {
        FloatVector y = load(ys, at);
        FloatVector x = load(xs, target);
        FloatVector odds = VectorMath.exp(y.abs().neg());
        FloatVector all = odds.add(1f);
        FloatVector loss = VectorMath.log(all).add(y.max(0f)).sub(x.mul(y));
        FloatVector mean = odds.blend(1f, y.compare(VectorOperators.GE, 0f)).div(all);
        mean.sub(x).mul(weight).intoByteBuffer(ys, at, ORDER);
        return loss;
    }

    @Override
    public void gaussianLoss(
            Matrix outputs, Matrix targets, int examples, int rows, float weight, Floats parts, float[] losses) {
        ByteBuffer ys = outputs.floats().memory();
        ByteBuffer xs = targets.floats().memory();
        int whole = outputs.columns() / Matrix.ROW_UNIT * Matrix.ROW_UNIT;
        for (int r = 0; r < rows; r++) {
            int y = outputs.rowOffset(r);
            int x = targets.rowOffset(r % examples);
            for (int part = 0; part < Matrix.ROW_UNIT; part += LANES) {
                FloatVector sum = FloatVector.zero(FLOATS);
                int j = part;
                for (; j < whole; j += Matrix.ROW_UNIT) {
                    sum = sum.add(gaussian(ys, y + j * Float.BYTES, xs, x + j * Float.BYTES, weight));
                }
                if (j < outputs.columns()) {
                    FloatVector last = gaussian(ys, y + j * Float.BYTES, xs, x + j * Float.BYTES, weight);
                    sum = sum.add(last, FLOATS.indexInRange(j, outputs.columns()));
                }
                sum.intoByteBuffer(parts.memory(), parts.byteOffset(part), ORDER);
            }
            losses[r] = ScalarElementwise.sum(parts) / 2;
        }
    }

    /** The squared errors of some outputs, which become their gradients. */
    private static FloatVector gaussian(ByteBuffer ys, int at, ByteBuffer xs, int target, float weight) {
        FloatVector error = load(ys, at).sub(load(xs, target));
        error.mul(weight).intoByteBuffer(ys, at, ORDER);
        return error.mul(error);
    }

    @Override
    public void addPriorCost(
            Matrix logits,
            Floats priorLogits,
            float normaliser,
            Matrix samples,
            int n,
            int rows,
            Floats parts,
            float[] losses) {
        ByteBuffer as = logits.floats().memory();
        ByteBuffer thetas = priorLogits.memory();
        ByteBuffer hs = samples.floats().memory();
        int theta = priorLogits.byteOffset(0);
        int whole = samples.columns() / Matrix.ROW_UNIT * Matrix.ROW_UNIT;
        for (int r = 0; r < rows; r++) {
            int a = logits.rowOffset(r % n);
            int h = samples.rowOffset(r);
            for (int part = 0; part < Matrix.ROW_UNIT; part += LANES) {
                FloatVector sum = FloatVector.zero(FLOATS);
                int j = part;
                for (; j < whole; j += Matrix.ROW_UNIT) {
                    int b = j * Float.BYTES;
                    sum = sum.add(priorCost(load(as, a + b), load(thetas, theta + b), load(hs, h + b)));
                }
                if (j < samples.columns()) {
                    int b = j * Float.BYTES;
                    FloatVector last = priorCost(load(as, a + b), load(thetas, theta + b), load(hs, h + b));
                    sum = sum.add(last, FLOATS.indexInRange(j, samples.columns()));
                }
                sum.intoByteBuffer(parts.memory(), parts.byteOffset(part), ORDER);
            }
            losses[r] += ScalarElementwise.sum(parts) + normaliser;
        }
    }

    private static FloatVector priorCost(FloatVector a, FloatVector theta, FloatVector h) {
        return h.mul(a.sub(theta)).sub(VectorMath.softplus(a));
    }

    @Override
    public void addPriorGradient(Matrix logits, Floats priorLogits, int n, int rows, float weight, Matrix gradient) {
        ByteBuffer as = logits.floats().memory();
        ByteBuffer thetas = priorLogits.memory();
        ByteBuffer gs = gradient.floats().memory();
        int theta = priorLogits.byteOffset(0);
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int a = logits.rowOffset(r % n);
            int g = gradient.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                load(as, a + j)
                        .sub(load(thetas, theta + j))
                        .fma(FloatVector.broadcast(FLOATS, weight), load(gs, g + j))
                        .intoByteBuffer(gs, g + j, ORDER);
            }
        }
    }
}

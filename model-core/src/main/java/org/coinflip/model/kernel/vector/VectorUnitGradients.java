package org.coinflip.model.kernel.vector;

import static org.coinflip.model.kernel.vector.VectorMath.FLOATS;
import static org.coinflip.model.kernel.vector.VectorMath.LANES;
import static org.coinflip.model.kernel.vector.VectorMath.ORDER;
import static org.coinflip.model.kernel.vector.VectorMath.STEP;
import static org.coinflip.model.kernel.vector.VectorMath.load;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.coinflip.model.kernel.operation.UnitGradients;
import org.coinflip.model.kernel.scalar.ScalarSampling;
import org.coinflip.model.kernel.scalar.ScalarUnitGradients;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** {@link UnitGradients} on the JDK Vector API. */
public final class VectorUnitGradients implements UnitGradients {
    private final ScalarUnitGradients tail = new ScalarUnitGradients();

    @Override
    public void multiplyByLikelier(Matrix probabilities, Matrix gradient, int rows) {
        ByteBuffer ps = probabilities.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int p = probabilities.rowOffset(r);
            int g = gradient.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector probability = load(ps, p + j);
                load(gs, g + j).mul(probability.max(one.sub(probability))).intoByteBuffer(gs, g + j, ORDER);
            }
        }
    }

    @Override
    public void multiplyByResidual(Matrix samples, Matrix probabilities, float factor, Matrix gradient, int rows) {
        ByteBuffer hs = samples.floats().memory();
        ByteBuffer ps = probabilities.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int h = samples.rowOffset(r);
            int p = probabilities.rowOffset(r);
            int g = gradient.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector residual = load(hs, h + j).sub(load(ps, p + j)).abs();
                load(gs, g + j).mul(residual.mul(factor)).intoByteBuffer(gs, g + j, ORDER);
            }
        }
    }

    @Override
    public void multiplyWithin(Matrix logits, float limit, float factor, Matrix gradient, int rows) {
        ByteBuffer as = logits.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        FloatVector limits = FloatVector.broadcast(FLOATS, limit);
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int a = logits.rowOffset(r);
            int g = gradient.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector outside =
                        VectorMath.whereNegative(limits.sub(load(as, a + j).abs()));
                load(gs, g + j).mul(one.sub(outside).mul(factor)).intoByteBuffer(gs, g + j, ORDER);
            }
        }
    }

    @Override
    public void relax(Matrix logits, Floats bias, float temperature, int rows, Matrix samples, Matrix derivative) {
        ByteBuffer as = logits.floats().memory();
        ByteBuffer ys = samples.floats().memory();
        ByteBuffer ds = derivative.floats().memory();
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        float inverse = 1f / temperature;
        int bytes = logits.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int a = logits.rowOffset(r);
            int y = samples.rowOffset(r);
            int d = derivative.rowOffset(r);
            int b = bias.byteOffset(0);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector logit = load(as, a + j).add(load(bias.memory(), b + j));
                logit.intoByteBuffer(as, a + j, ORDER);
                FloatVector odds = VectorMath.exp(load(ys, y + j).sub(logit).mul(inverse));
                FloatVector sample = one.div(odds.add(1f));
                sample.intoByteBuffer(ys, y + j, ORDER);
                sample.mul(odds.mul(sample)).mul(inverse).intoByteBuffer(ds, d + j, ORDER);
            }
            ScalarSampling.clearPadding(samples, r);
        }
    }

    /** Number by number, as its noise is drawn: more operations than the compiler keeps free of objects in every network. */
    @Override
    public void rectifyNoisy(Matrix logits, Floats bias, int rows, Matrix samples, Matrix derivative) {
        tail.rectifyNoisy(logits, bias, rows, samples, derivative);
    }

    @Override
    public void multiplyByRelaxedSlope(Matrix logits, Matrix noise, float temperature, Matrix gradient, int rows) {
        ByteBuffer as = logits.floats().memory();
        ByteBuffer zs = noise.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        float inverse = 1f / temperature;
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int a = logits.rowOffset(r);
            int z = noise.rowOffset(r);
            int g = gradient.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector odds =
                        VectorMath.exp(load(zs, z + j).sub(load(as, a + j)).mul(inverse));
                FloatVector sample = one.div(odds.add(1f));
                FloatVector slope = sample.mul(odds.mul(sample)).mul(inverse);
                load(gs, g + j).mul(slope).intoByteBuffer(gs, g + j, ORDER);
            }
        }
    }

    @Override
    public void weightedSamples(Matrix samples, float[] weights, int samplesPerRow, int rows, Matrix gradient) {
        ByteBuffer hs = samples.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int g = gradient.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector sum = FloatVector.zero(FLOATS);
                for (int row = r; row < samplesPerRow * rows; row += rows) {
                    sum = load(hs, samples.rowOffset(row) + j).fma(FloatVector.broadcast(FLOATS, weights[row]), sum);
                }
                sum.intoByteBuffer(gs, g + j, ORDER);
            }
        }
    }

    @Override
    public void weightedDeviations(
            Matrix samples, Matrix probabilities, float[] weights, int samplesPerRow, int rows, Matrix gradient) {
        ByteBuffer hs = samples.floats().memory();
        ByteBuffer ps = probabilities.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int g = gradient.rowOffset(r);
            int p = probabilities.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector sum = FloatVector.zero(FLOATS);
                for (int row = r; row < samplesPerRow * rows; row += rows) {
                    sum = load(hs, samples.rowOffset(row) + j)
                            .sub(load(ps, p + j))
                            .fma(FloatVector.broadcast(FLOATS, weights[row]), sum);
                }
                sum.intoByteBuffer(gs, g + j, ORDER);
            }
        }
    }

    @Override
    public void scoreTimesSignal(
            Matrix samples,
            Matrix probabilities,
            float[] signal,
            float scale,
            Floats baseline,
            int rows,
            Matrix gradient) {
        ByteBuffer hs = samples.floats().memory();
        ByteBuffer ps = probabilities.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        ByteBuffer baselines = baseline.memory();
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int h = samples.rowOffset(r);
            int p = probabilities.rowOffset(r);
            int g = gradient.rowOffset(r);
            int b = baseline.byteOffset(0);
            FloatVector loss = FloatVector.broadcast(FLOATS, scale * signal[r]);
            for (int j = 0; j < bytes; j += STEP) {
                load(hs, h + j)
                        .sub(load(ps, p + j))
                        .mul(loss.sub(load(baselines, b + j).mul(scale)))
                        .intoByteBuffer(gs, g + j, ORDER);
            }
        }
    }

    @Override
    public void baselineStatistics(
            Matrix samples,
            Matrix probabilities,
            float[] signal,
            int rows,
            float kappa,
            Floats numerator,
            Floats denominator) {
        ByteBuffer hs = samples.floats().memory();
        ByteBuffer ps = probabilities.floats().memory();
        float fresh = (1f - kappa) / rows;
        int j = 0;
        for (; j <= samples.columns() - LANES; j += LANES) {
            FloatVector weighted = FloatVector.zero(FLOATS);
            FloatVector plain = FloatVector.zero(FLOATS);
            for (int r = 0; r < rows; r++) {
                FloatVector d = load(hs, samples.rowOffset(r) + j * Float.BYTES)
                        .sub(load(ps, probabilities.rowOffset(r) + j * Float.BYTES));
                FloatVector square = d.mul(d);
                weighted = square.fma(FloatVector.broadcast(FLOATS, signal[r]), weighted);
                plain = plain.add(square);
            }
            decay(numerator, j, kappa, fresh, weighted);
            decay(denominator, j, kappa, fresh, plain);
        }
        tail.baselineStatistics(samples, probabilities, signal, j, rows, kappa, numerator, denominator);
    }

    private static void decay(Floats average, int j, float kappa, float fresh, FloatVector sum) {
        int at = average.byteOffset(j);
        sum.fma(FloatVector.broadcast(FLOATS, fresh), load(average.memory(), at).mul(kappa))
                .intoByteBuffer(average.memory(), at, ORDER);
    }

    @Override
    public void addOpeningSlope(Matrix probabilities, Floats factors, float ratio, int rows, Matrix gradient) {
        if (ratio == 1f) {
            addSigmoidSlope(probabilities, factors, rows, gradient);
        } else if (ratio == 0.5f) {
            addRootSlope(probabilities, factors, rows, gradient);
        } else {
            tail.addOpeningSlope(probabilities, factors, ratio, rows, gradient);
        }
    }

    private static void addSigmoidSlope(Matrix probabilities, Floats factors, int rows, Matrix gradient) {
        ByteBuffer ps = probabilities.floats().memory();
        ByteBuffer fs = factors.memory();
        ByteBuffer gs = gradient.floats().memory();
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        int f = factors.byteOffset(0);
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int p = probabilities.rowOffset(r);
            int g = gradient.rowOffset(r);
            for (int at = 0; at < bytes; at += STEP) {
                FloatVector q = load(ps, p + at);
                load(fs, f + at).fma(q.mul(one.sub(q)), load(gs, g + at)).intoByteBuffer(gs, g + at, ORDER);
            }
        }
    }

    private static void addRootSlope(Matrix probabilities, Floats factors, int rows, Matrix gradient) {
        ByteBuffer ps = probabilities.floats().memory();
        ByteBuffer fs = factors.memory();
        ByteBuffer gs = gradient.floats().memory();
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        int f = factors.byteOffset(0);
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int p = probabilities.rowOffset(r);
            int g = gradient.rowOffset(r);
            for (int at = 0; at < bytes; at += STEP) {
                FloatVector q = load(ps, p + at);
                load(fs, f + at)
                        .fma(q.mul(0.5f).mul(one.sub(q.mul(q))), load(gs, g + at))
                        .intoByteBuffer(gs, g + at, ORDER);
            }
        }
    }

    @Override
    public void addWherePositive(Matrix gates, float weight, int rows, Matrix gradient) {
        ByteBuffer hs = gates.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        FloatVector none = FloatVector.zero(FLOATS);
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int h = gates.rowOffset(r);
            int g = gradient.rowOffset(r);
            for (int at = 0; at < bytes; at += STEP) {
                FloatVector added = none.blend(weight, load(hs, h + at).compare(VectorOperators.GT, 0f));
                load(gs, g + at).add(added).intoByteBuffer(gs, g + at, ORDER);
            }
        }
    }
}

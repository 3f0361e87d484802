package org.coinflip.model.kernel.vector;

import static org.coinflip.model.kernel.vector.VectorMath.FLOATS;
import static org.coinflip.model.kernel.vector.VectorMath.LANES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import org.coinflip.model.kernel.scalar.ScalarSampling;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** {@link Elementwise} on the JDK Vector API. */
public final class VectorElementwise implements Elementwise {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    /** As many bytes as a vector has floats, or twice as many: there are no vectors of four. */
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(LANES, 8) * Byte.SIZE));

    private final ScalarElementwise tail = new ScalarElementwise();

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

    // One method an activation, so that each is compiled for itself: the compiler leaves the calls of a branch that was
    // not taken
    // before it came by, as another layer's activation later is, and vectors that calls pass are objects.

    @Override
    public void activate(Activation f, Matrix values, Floats bias, int rows) {
        switch (f) {
            case LINEAR -> addBias(values, bias, rows);
            case TANH -> tanh(values, bias, rows);
            case SIGMOID -> sigmoid(values, bias, rows);
            case RELU -> rectify(values, bias, rows);
            case SOFTPLUS -> softplus(values, bias, rows);
        }
    }

    private static void addBias(Matrix values, Floats bias, int rows) {
        ByteBuffer memory = values.floats().memory();
        ByteBuffer biases = bias.memory();
        int b = bias.byteOffset(0);
        int bytes = values.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int at = values.rowOffset(r);
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
                load(memory, at + j).add(load(biases, b + j)).intoByteBuffer(memory, at + j, ORDER);
            }
        }
    }

    private static void tanh(Matrix values, Floats bias, int rows) {
        ByteBuffer memory = values.floats().memory();
        ByteBuffer biases = bias.memory();
        int b = bias.byteOffset(0);
        int bytes = values.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int at = values.rowOffset(r);
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
                VectorMath.tanh(load(memory, at + j).add(load(biases, b + j))).intoByteBuffer(memory, at + j, ORDER);
            }
        }
    }

    private static void sigmoid(Matrix values, Floats bias, int rows) {
        ByteBuffer memory = values.floats().memory();
        ByteBuffer biases = bias.memory();
        int b = bias.byteOffset(0);
        int bytes = values.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int at = values.rowOffset(r);
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
                VectorMath.sigmoid(load(memory, at + j).add(load(biases, b + j)))
                        .intoByteBuffer(memory, at + j, ORDER);
            }
        }
    }

    private static void rectify(Matrix values, Floats bias, int rows) {
        ByteBuffer memory = values.floats().memory();
        ByteBuffer biases = bias.memory();
        int b = bias.byteOffset(0);
        int bytes = values.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int at = values.rowOffset(r);
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
                load(memory, at + j).add(load(biases, b + j)).max(0f).intoByteBuffer(memory, at + j, ORDER);
            }
        }
    }

    private static void softplus(Matrix values, Floats bias, int rows) {
        ByteBuffer memory = values.floats().memory();
        ByteBuffer biases = bias.memory();
        int b = bias.byteOffset(0);
        int bytes = values.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int at = values.rowOffset(r);
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
                VectorMath.softplus(load(memory, at + j).add(load(biases, b + j)))
                        .intoByteBuffer(memory, at + j, ORDER);
            }
        }
    }

    @Override
    public void activationGradient(Activation f, Matrix outputs, Matrix gradient, int rows) {
        switch (f) {
            case LINEAR -> {}
            case TANH -> tanhGradient(outputs, gradient, rows);
            case SIGMOID -> sigmoidGradient(outputs, gradient, rows);
            case RELU -> rectifierGradient(outputs, gradient, rows);
            case SOFTPLUS -> softplusGradient(outputs, gradient, rows);
        }
    }

    private static void tanhGradient(Matrix outputs, Matrix gradient, int rows) {
        ByteBuffer ys = outputs.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int from = outputs.rowOffset(r);
            int to = gradient.rowOffset(r);
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
                FloatVector y = load(ys, from + j);
                load(gs, to + j).mul(one.sub(y.mul(y))).intoByteBuffer(gs, to + j, ORDER);
            }
        }
    }

    private static void sigmoidGradient(Matrix outputs, Matrix gradient, int rows) {
        ByteBuffer ys = outputs.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int from = outputs.rowOffset(r);
            int to = gradient.rowOffset(r);
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
                FloatVector y = load(ys, from + j);
                load(gs, to + j).mul(y.mul(one.sub(y))).intoByteBuffer(gs, to + j, ORDER);
            }
        }
    }

    private static void rectifierGradient(Matrix outputs, Matrix gradient, int rows) {
        ByteBuffer ys = outputs.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int from = outputs.rowOffset(r);
            int to = gradient.rowOffset(r);
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
                FloatVector y = load(ys, from + j);
                load(gs, to + j).mul(VectorMath.wherePositive(y)).intoByteBuffer(gs, to + j, ORDER);
            }
        }
    }

    private static void softplusGradient(Matrix outputs, Matrix gradient, int rows) {
        ByteBuffer ys = outputs.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int from = outputs.rowOffset(r);
            int to = gradient.rowOffset(r);
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
                FloatVector y = load(ys, from + j);
                load(gs, to + j).mul(one.sub(VectorMath.exp(y.neg()))).intoByteBuffer(gs, to + j, ORDER);
            }
        }
    }

    @Override
    public void multiply(Matrix factor, Matrix gradient, int rows) {
        ByteBuffer fs = factor.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        for (int r = 0; r < rows; r++) {
            int f = factor.rowOffset(r);
            int g = gradient.rowOffset(r);
            int end = g + gradient.columns() * Float.BYTES;
            for (; g < end; g += LANES * Float.BYTES, f += LANES * Float.BYTES) {
                load(gs, g).mul(load(fs, f)).intoByteBuffer(gs, g, ORDER);
            }
        }
    }

    @Override
    public void multiplyByVariance(Matrix probabilities, Matrix gradient, int rows) {
        activationGradient(Activation.SIGMOID, probabilities, gradient, rows);
    }

    @Override
    public void multiplyByLikelier(Matrix probabilities, Matrix gradient, int rows) {
        ByteBuffer ps = probabilities.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int p = probabilities.rowOffset(r);
            int g = gradient.rowOffset(r);
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
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
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
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
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
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
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
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
        ScalarElementwise.rectify(logits, bias, rows, samples, derivative);
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
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
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
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
                FloatVector sum = FloatVector.zero(FLOATS);
                for (int row = r; row < samplesPerRow * rows; row += rows) {
                    sum = load(hs, samples.rowOffset(row) + j).fma(FloatVector.broadcast(FLOATS, weights[row]), sum);
                }
                sum.intoByteBuffer(gs, g + j, ORDER);
            }
        }
    }

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
    public void weightedDeviations(
            Matrix samples, Matrix probabilities, float[] weights, int samplesPerRow, int rows, Matrix gradient) {
        ByteBuffer hs = samples.floats().memory();
        ByteBuffer ps = probabilities.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int g = gradient.rowOffset(r);
            int p = probabilities.rowOffset(r);
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
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
    public void rescale(Matrix in, float factor, float offset, int rows, Matrix out) {
        ByteBuffer xs = in.floats().memory();
        ByteBuffer ys = out.floats().memory();
        int bytes = in.columns() * Float.BYTES;
        FloatVector shift = FloatVector.broadcast(FLOATS, offset);
        for (int r = 0; r < rows; r++) {
            int x = in.rowOffset(r);
            int y = out.rowOffset(r);
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
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
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
                load(memory, at + j).mul(factors[r]).intoByteBuffer(memory, at + j, ORDER);
            }
        }
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
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
                load(as, a + j)
                        .sub(load(thetas, theta + j))
                        .fma(FloatVector.broadcast(FLOATS, weight), load(gs, g + j))
                        .intoByteBuffer(gs, g + j, ORDER);
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
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
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
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
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
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
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
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
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
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
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
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
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
            for (int j = 0; j < bytes; j += LANES * Float.BYTES) {
                load(as, from + j).sub(load(bs, less + j)).mul(factor).intoByteBuffer(os, to + j, ORDER);
            }
        }
    }

    private static FloatVector load(ByteBuffer memory, int at) {
        return FloatVector.fromByteBuffer(FLOATS, memory, at, ORDER);
    }
}

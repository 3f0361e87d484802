package org.coinflip.model.kernel.vector;

import static org.coinflip.model.kernel.vector.VectorMath.FLOATS;
import static org.coinflip.model.kernel.vector.VectorMath.LANES;
import static org.coinflip.model.kernel.vector.VectorMath.ORDER;
import static org.coinflip.model.kernel.vector.VectorMath.STEP;
import static org.coinflip.model.kernel.vector.VectorMath.load;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.coinflip.model.kernel.operation.Sampling;
import org.coinflip.model.kernel.scalar.ScalarSampling;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;

/** {@link Sampling} on the JDK Vector API: a row's random words stay in the first-level cache between the two passes over them. */
public final class VectorSampling implements Sampling {
    @Override
    public void words(Draws draws, int row, int draw, int columns, int[] out) {
        int k0 = draws.seedLow();
        int k1 = draws.seedHigh();
        int k2 = draws.epoch();
        int k3 = draws.purpose();
        long id = draws.id(row);
        int counter = draws.counter(row, draw);
        for (int chunk = 0; chunk < columns; chunk += 64) {
            for (int lane = 0; lane < 16; lane += LANES) {
                VectorMath.threefry(k0, k1, k2, k3, chunk / 4 + lane, counter, id, out, chunk + lane);
            }
        }
    }

    // In steps: past a number of operations in a method the compiler leaves calls, and vectors that calls pass are
    // objects.

    @Override
    public void bernoulli(
            Matrix logits, Floats bias, Draws draws, int draw, int rows, Matrix probabilities, Matrix samples) {
        uniforms(logits, bias, draws, draw, rows, probabilities, samples, 0);
        compare(rows, probabilities, samples);
    }

    @Override
    public void antitheticBernoulli(
            Matrix logits, Floats bias, Draws draws, int draw, int rows, Matrix probabilities, Matrix samples) {
        uniforms(logits, bias, draws, draw, rows, probabilities, samples, rows);
        comparePairs(rows, probabilities, samples);
    }

    /** Computes a and p, and writes u to the samples, from row {@code to} on. */
    private void uniforms(
            Matrix logits, Floats bias, Draws draws, int draw, int rows, Matrix probabilities, Matrix samples, int to) {
        ByteBuffer as = logits.floats().memory();
        ByteBuffer ps = probabilities.floats().memory();
        ByteBuffer us = samples.floats().memory();
        int[] words = draws.words();
        for (int r = 0; r < rows; r++) {
            words(draws, r, draw, logits.columns(), words);
            int a = logits.rowOffset(r);
            int p = probabilities.rowOffset(r);
            int u = samples.rowOffset(to + r);
            int b = bias.byteOffset(0);
            for (int j = 0, at = 0; j < logits.columns(); j += LANES, at += STEP) {
                FloatVector logit = load(as, a + at).add(load(bias.memory(), b + at));
                logit.intoByteBuffer(as, a + at, ORDER);
                VectorMath.sigmoid(logit).intoByteBuffer(ps, p + at, ORDER);
                uniform(words, j).intoByteBuffer(us, u + at, ORDER);
            }
        }
    }

    private static void compare(int rows, Matrix probabilities, Matrix samples) {
        ByteBuffer ps = probabilities.floats().memory();
        ByteBuffer hs = samples.floats().memory();
        for (int r = 0; r < rows; r++) {
            int p = probabilities.rowOffset(r);
            int h = samples.rowOffset(r);
            for (int j = 0, at = 0; j < samples.columns(); j += LANES, at += STEP) {
                FloatVector difference = load(hs, h + at).sub(load(ps, p + at));
                VectorMath.whereNegative(difference).intoByteBuffer(hs, h + at, ORDER);
            }
            ScalarSampling.clearPadding(samples, r);
        }
    }

    private static void comparePairs(int rows, Matrix probabilities, Matrix samples) {
        ByteBuffer ps = probabilities.floats().memory();
        ByteBuffer hs = samples.floats().memory();
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        for (int r = 0; r < rows; r++) {
            int p = probabilities.rowOffset(r);
            int h = samples.rowOffset(r);
            int other = samples.rowOffset(rows + r);
            for (int j = 0, at = 0; j < samples.columns(); j += LANES, at += STEP) {
                FloatVector probability = load(ps, p + at);
                FloatVector u = load(hs, other + at);
                FloatVector first = VectorMath.whereNegative(u.sub(probability));
                FloatVector second = VectorMath.whereNegative(one.sub(u).sub(probability));
                first.intoByteBuffer(hs, h + at, ORDER);
                second.intoByteBuffer(hs, other + at, ORDER);
            }
            ScalarSampling.clearPadding(samples, r);
            ScalarSampling.clearPadding(samples, rows + r);
        }
    }

    /** Only the words are drawn on vectors: the rest has more operations than the compiler keeps in one method. */
    @Override
    public void dirichletBernoulli(
            Matrix logits,
            Floats bias,
            int samplesPerRow,
            Draws draws,
            int draw,
            int rows,
            Matrix probabilities,
            Matrix samples) {
        ScalarSampling.dirichletBernoulli(this, logits, bias, samplesPerRow, draws, draw, rows, probabilities, samples);
    }

    @Override
    public void uniformTimesSignal(Draws draws, int draw, float[] signal, int rows, Matrix gradient) {
        ByteBuffer gs = gradient.floats().memory();
        int[] words = draws.words();
        FloatVector half = FloatVector.broadcast(FLOATS, 0.5f);
        for (int r = 0; r < rows; r++) {
            words(draws, r, draw, gradient.columns(), words);
            int g = gradient.rowOffset(r);
            for (int j = 0, at = 0; j < gradient.columns(); j += LANES, at += STEP) {
                half.sub(uniform(words, j)).mul(signal[r]).intoByteBuffer(gs, g + at, ORDER);
            }
        }
    }

    @Override
    public void logistic(Draws draws, int draw, int rows, Matrix out) {
        ByteBuffer zs = out.floats().memory();
        int[] words = draws.words();
        for (int r = 0; r < rows; r++) {
            words(draws, r, draw, out.columns(), words);
            int z = out.rowOffset(r);
            for (int j = 0, at = 0; j < out.columns(); j += LANES, at += STEP) {
                VectorMath.logistic(uniform(words, j)).intoByteBuffer(zs, z + at, ORDER);
            }
            ScalarSampling.clearPadding(out, r);
        }
    }

    @Override
    public void stochasticTimesSmooth(
            Matrix logits,
            Floats bias,
            float ratio,
            Draws draws,
            int draw,
            int rows,
            Matrix probabilities,
            Matrix samples,
            Matrix derivative) {
        ByteBuffer as = logits.floats().memory();
        ByteBuffer ps = probabilities.floats().memory();
        ByteBuffer hs = samples.floats().memory();
        ByteBuffer ds = derivative.floats().memory();
        int[] words = draws.words();
        boolean half = ratio == 0.5f;
        for (int r = 0; r < rows; r++) {
            words(draws, r, draw, logits.columns(), words);
            int a = logits.rowOffset(r);
            int p = probabilities.rowOffset(r);
            int h = samples.rowOffset(r);
            int d = derivative.rowOffset(r);
            int b = bias.byteOffset(0);
            for (int j = 0, at = 0; j < logits.columns(); j += LANES, at += STEP) {
                FloatVector logit = load(as, a + at).add(load(bias.memory(), b + at));
                FloatVector odds = VectorMath.exp(logit.neg());
                FloatVector mean = FloatVector.broadcast(FLOATS, 1f).div(odds.add(1f));
                FloatVector fires =
                        half ? mean.sqrt() : VectorMath.exp(VectorMath.log(mean).mul(ratio));
                FloatVector sample =
                        VectorMath.whereNegative(uniform(words, j).sub(fires)).mul(mean.div(fires));
                logit.intoByteBuffer(as, a + at, ORDER);
                fires.intoByteBuffer(ps, p + at, ORDER);
                sample.intoByteBuffer(hs, h + at, ORDER);
                // 1 − p = e⁻ᵃ p, without the cancellation
                sample.mul(1f - ratio).mul(odds.mul(mean)).intoByteBuffer(ds, d + at, ORDER);
            }
            ScalarSampling.clearPadding(samples, r);
        }
    }

    @Override
    public void logisticRectifier(
            Matrix logits, Floats bias, float scale, Draws draws, int draw, int rows, Matrix samples) {
        ByteBuffer as = logits.floats().memory();
        ByteBuffer hs = samples.floats().memory();
        int[] words = draws.words();
        FloatVector scales = FloatVector.broadcast(FLOATS, scale);
        for (int r = 0; r < rows; r++) {
            words(draws, r, draw, logits.columns(), words);
            int a = logits.rowOffset(r);
            int h = samples.rowOffset(r);
            int b = bias.byteOffset(0);
            for (int j = 0, at = 0; j < logits.columns(); j += LANES, at += STEP) {
                FloatVector logit = load(as, a + at).add(load(bias.memory(), b + at));
                logit.intoByteBuffer(as, a + at, ORDER);
                VectorMath.logistic(uniform(words, j))
                        .fma(scales, logit)
                        .max(0f)
                        .intoByteBuffer(hs, h + at, ORDER);
            }
            ScalarSampling.clearPadding(samples, r);
        }
    }

    @Override
    public void gaussianRectifier(
            Matrix logits, Floats bias, float deviation, Draws draws, int draw, int rows, Matrix samples) {
        ByteBuffer as = logits.floats().memory();
        ByteBuffer hs = samples.floats().memory();
        FloatVector deviations = FloatVector.broadcast(FLOATS, deviation);
        for (int r = 0; r < rows; r++) {
            normalWords(draws, r, draw, logits.columns());
            int a = logits.rowOffset(r);
            int h = samples.rowOffset(r);
            int b = bias.byteOffset(0);
            for (int j = 0, at = 0; j < logits.columns(); j += LANES, at += STEP) {
                FloatVector logit = load(as, a + at).add(load(bias.memory(), b + at));
                logit.intoByteBuffer(as, a + at, ORDER);
                normal(draws, j).fma(deviations, logit).max(0f).intoByteBuffer(hs, h + at, ORDER);
            }
            ScalarSampling.clearPadding(samples, r);
        }
    }

    // Of the next two only the words are drawn on vectors: the rest has more operations than the compiler keeps free of
    // objects in every network.

    @Override
    public void addGumbel(Matrix in, Draws draws, int draw, int rows, Matrix out) {
        ScalarSampling.addGumbel(this, in, draws, draw, rows, out);
    }

    @Override
    public void gaussian(float deviation, Draws draws, int draw, int rows, Matrix out) {
        ScalarSampling.gaussian(this, deviation, draws, draw, rows, out);
    }

    @Override
    public void addGaussian(Matrix in, float deviation, Draws draws, int draw, int rows, Matrix out) {
        ByteBuffer xs = in.floats().memory();
        ByteBuffer ys = out.floats().memory();
        FloatVector deviations = FloatVector.broadcast(FLOATS, deviation);
        for (int r = 0; r < rows; r++) {
            normalWords(draws, r, draw, in.columns());
            int x = in.rowOffset(r);
            int y = out.rowOffset(r);
            for (int j = 0, at = 0; j < in.columns(); j += LANES, at += STEP) {
                // Loaded after the draw, it would make the compiler keep the draw as an object.
                FloatVector value = load(xs, x + at);
                normal(draws, j).fma(deviations, value).intoByteBuffer(ys, y + at, ORDER);
            }
        }
    }

    @Override
    public void dropout(Matrix in, float keep, Draws draws, int draw, int rows, Matrix mask, Matrix out) {
        ByteBuffer xs = in.floats().memory();
        ByteBuffer ms = mask.floats().memory();
        ByteBuffer ys = out.floats().memory();
        int[] words = draws.words();
        for (int r = 0; r < rows; r++) {
            words(draws, r, draw, in.columns(), words);
            int x = in.rowOffset(r);
            int m = mask.rowOffset(r);
            int y = out.rowOffset(r);
            for (int j = 0, at = 0; j < in.columns(); j += LANES, at += STEP) {
                FloatVector kept =
                        VectorMath.whereNegative(uniform(words, j).sub(keep)).mul(1f / keep);
                kept.intoByteBuffer(ms, m + at, ORDER);
                load(xs, x + at).mul(kept).intoByteBuffer(ys, y + at, ORDER);
            }
        }
    }

    private void normalWords(Draws draws, int row, int draw, int columns) {
        words(draws, row, 2 * draw, columns, draws.words());
        words(draws, row, 2 * draw + 1, columns, draws.moreWords());
    }

    private static FloatVector normal(Draws draws, int j) {
        return VectorMath.normal(uniform(draws.words(), j), uniform(draws.moreWords(), j));
    }

    private static FloatVector uniform(int[] words, int j) {
        return VectorMath.uniform(IntVector.fromArray(VectorMath.INTS, words, j));
    }
}

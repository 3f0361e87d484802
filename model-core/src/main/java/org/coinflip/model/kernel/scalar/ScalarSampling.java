package org.coinflip.model.kernel.scalar;

import org.coinflip.model.kernel.operation.Sampling;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.noise.Threefry;

/** {@link Sampling} number by number. Its random words come from {@link Threefry}, which the vector twin writes out again. */
public final class ScalarSampling implements Sampling {
    @Override
    public void words(Draws draws, int row, int draw, int columns, int[] out) {
        int[] key = {draws.seedLow(), draws.seedHigh(), draws.epoch(), draws.purpose()};
        for (int chunk = 0; chunk < columns; chunk += NoiseKey.CHUNK) {
            for (int lane = 0; lane < 16; lane++) {
                int[] block = NoiseKey.counter(chunk / 4 + lane, draws.counter(row, draw), draws.id(row));
                Threefry.encrypt(key, block);
                for (int word = 0; word < 4; word++) {
                    out[chunk + 16 * word + lane] = block[word];
                }
            }
        }
    }

    @Override
    public void bernoulli(
            Matrix logits, Floats bias, Draws draws, int draw, int rows, Matrix probabilities, Matrix samples) {
        for (int r = 0; r < rows; r++) {
            words(draws, r, draw, logits.columns(), draws.words());
            for (int j = 0; j < logits.columns(); j++) {
                float logit = logits.get(r, j) + bias.get(j);
                float probability = ScalarMath.sigmoid(logit);
                logits.set(r, j, logit);
                probabilities.set(r, j, probability);
                samples.set(r, j, ScalarMath.whereNegative(uniform(draws, j) - probability));
            }
            clearPadding(samples, r);
        }
    }

    @Override
    public void antitheticBernoulli(
            Matrix logits, Floats bias, Draws draws, int draw, int rows, Matrix probabilities, Matrix samples) {
        for (int r = 0; r < rows; r++) {
            words(draws, r, draw, logits.columns(), draws.words());
            for (int j = 0; j < logits.columns(); j++) {
                float logit = logits.get(r, j) + bias.get(j);
                float probability = ScalarMath.sigmoid(logit);
                float u = uniform(draws, j);
                logits.set(r, j, logit);
                probabilities.set(r, j, probability);
                samples.set(r, j, ScalarMath.whereNegative(u - probability));
                samples.set(rows + r, j, ScalarMath.whereNegative(1f - u - probability));
            }
            clearPadding(samples, r);
            clearPadding(samples, rows + r);
        }
    }

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
        dirichletBernoulli(this, logits, bias, samplesPerRow, draws, draw, rows, probabilities, samples);
    }

    /** @param source of the words, which are the same from any */
    public static void dirichletBernoulli(
            Sampling source,
            Matrix logits,
            Floats bias,
            int samplesPerRow,
            Draws draws,
            int draw,
            int rows,
            Matrix probabilities,
            Matrix samples) {
        float exponent = 1f / (samplesPerRow - 1);
        for (int r = 0; r < rows; r++) {
            for (int k = 0; k < samplesPerRow; k++) {
                source.words(draws, r, draw + k, logits.columns(), draws.words());
                for (int j = 0; j < logits.columns(); j++) {
                    samples.set(k * rows + r, j, -ScalarMath.log(uniform(draws, j)));
                }
            }
            for (int j = 0; j < logits.columns(); j++) {
                float logit = logits.get(r, j) + bias.get(j);
                logits.set(r, j, logit);
                probabilities.set(r, j, ScalarMath.sigmoid(logit));
                float rare = Math.max(ScalarMath.sigmoid(-Math.abs(logit)), Float.MIN_NORMAL);
                float bound = 1f - ScalarMath.exp(ScalarMath.log(rare) * exponent);
                float sum = 0f;
                for (int row = r; row < samplesPerRow * rows; row += rows) {
                    sum += samples.get(row, j);
                }
                float common = ScalarMath.whereNegative(-logit);
                for (int row = r; row < samplesPerRow * rows; row += rows) {
                    float rarer = ScalarMath.whereNegative(bound * sum - samples.get(row, j));
                    samples.set(row, j, Math.abs(common - rarer));
                }
            }
            for (int row = r; row < samplesPerRow * rows; row += rows) {
                clearPadding(samples, row);
            }
        }
    }

    @Override
    public void uniformTimesSignal(Draws draws, int draw, float[] signal, int rows, Matrix gradient) {
        for (int r = 0; r < rows; r++) {
            words(draws, r, draw, gradient.columns(), draws.words());
            for (int j = 0; j < gradient.columns(); j++) {
                gradient.set(r, j, (0.5f - uniform(draws, j)) * signal[r]);
            }
        }
    }

    @Override
    public void logistic(Draws draws, int draw, int rows, Matrix out) {
        for (int r = 0; r < rows; r++) {
            words(draws, r, draw, out.columns(), draws.words());
            for (int j = 0; j < out.columns(); j++) {
                out.set(r, j, ScalarMath.logistic(uniform(draws, j)));
            }
            clearPadding(out, r);
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
        for (int r = 0; r < rows; r++) {
            words(draws, r, draw, logits.columns(), draws.words());
            for (int j = 0; j < logits.columns(); j++) {
                float logit = logits.get(r, j) + bias.get(j);
                float odds = ScalarMath.exp(-logit);
                float mean = 1f / (odds + 1f);
                float fires = ratio == 0.5f ? (float) Math.sqrt(mean) : ScalarMath.exp(ScalarMath.log(mean) * ratio);
                float sample = ScalarMath.whereNegative(uniform(draws, j) - fires) * (mean / fires);
                logits.set(r, j, logit);
                probabilities.set(r, j, fires);
                samples.set(r, j, sample);
                derivative.set(r, j, sample * (1f - ratio) * (odds * mean));
            }
            clearPadding(samples, r);
        }
    }

    @Override
    public void logisticRectifier(
            Matrix logits, Floats bias, float scale, Draws draws, int draw, int rows, Matrix samples) {
        for (int r = 0; r < rows; r++) {
            words(draws, r, draw, logits.columns(), draws.words());
            for (int j = 0; j < logits.columns(); j++) {
                float logit = logits.get(r, j) + bias.get(j);
                logits.set(r, j, logit);
                float noise = ScalarMath.logistic(uniform(draws, j));
                samples.set(r, j, Math.max(ScalarMath.fma(noise, scale, logit), 0f));
            }
            clearPadding(samples, r);
        }
    }

    @Override
    public void gaussianRectifier(
            Matrix logits, Floats bias, float deviation, Draws draws, int draw, int rows, Matrix samples) {
        for (int r = 0; r < rows; r++) {
            normalWords(draws, r, draw, logits.columns());
            for (int j = 0; j < logits.columns(); j++) {
                float logit = logits.get(r, j) + bias.get(j);
                logits.set(r, j, logit);
                samples.set(r, j, Math.max(ScalarMath.fma(normal(draws, j), deviation, logit), 0f));
            }
            clearPadding(samples, r);
        }
    }

    @Override
    public void addGumbel(Matrix in, Draws draws, int draw, int rows, Matrix out) {
        addGumbel(this, in, draws, draw, rows, out);
    }

    /** @param source of the words, which are the same from any */
    public static void addGumbel(Sampling source, Matrix in, Draws draws, int draw, int rows, Matrix out) {
        for (int r = 0; r < rows; r++) {
            source.words(draws, r, draw, in.columns(), draws.words());
            for (int j = 0; j < in.columns(); j++) {
                out.set(r, j, in.get(r, j) - ScalarMath.log(-ScalarMath.log(uniform(draws, j))));
            }
            clearPadding(out, r);
        }
    }

    @Override
    public void gaussian(float deviation, Draws draws, int draw, int rows, Matrix out) {
        gaussian(this, deviation, draws, draw, rows, out);
    }

    /** @param source of the words, which are the same from any */
    public static void gaussian(Sampling source, float deviation, Draws draws, int draw, int rows, Matrix out) {
        for (int r = 0; r < rows; r++) {
            source.words(draws, r, 2 * draw, out.columns(), draws.words());
            source.words(draws, r, 2 * draw + 1, out.columns(), draws.moreWords());
            for (int j = 0; j < out.columns(); j++) {
                out.set(r, j, normal(draws, j) * deviation);
            }
            clearPadding(out, r);
        }
    }

    @Override
    public void addGaussian(Matrix in, float deviation, Draws draws, int draw, int rows, Matrix out) {
        for (int r = 0; r < rows; r++) {
            normalWords(draws, r, draw, in.columns());
            for (int j = 0; j < in.columns(); j++) {
                out.set(r, j, ScalarMath.fma(normal(draws, j), deviation, in.get(r, j)));
            }
        }
    }

    @Override
    public void dropout(Matrix in, float keep, Draws draws, int draw, int rows, Matrix mask, Matrix out) {
        for (int r = 0; r < rows; r++) {
            words(draws, r, draw, in.columns(), draws.words());
            for (int j = 0; j < in.columns(); j++) {
                float kept = ScalarMath.whereNegative(uniform(draws, j) - keep) * (1f / keep);
                mask.set(r, j, kept);
                out.set(r, j, in.get(r, j) * kept);
            }
        }
    }

    private void normalWords(Draws draws, int row, int draw, int columns) {
        words(draws, row, 2 * draw, columns, draws.words());
        words(draws, row, 2 * draw + 1, columns, draws.moreWords());
    }

    private static float normal(Draws draws, int j) {
        return ScalarMath.normal(NoiseKey.ofWord(draws.words()[j]), NoiseKey.ofWord(draws.moreWords()[j]));
    }

    private static float uniform(Draws draws, int j) {
        return NoiseKey.ofWord(draws.words()[j]);
    }

    public static void clearPadding(Matrix samples, int row) {
        int end = samples.rowOffset(row) + samples.stride() * Float.BYTES;
        for (int at = samples.rowOffset(row) + samples.columns() * Float.BYTES; at < end; at += Float.BYTES) {
            samples.floats().memory().putFloat(at, 0f);
        }
    }
}

package org.coinflip.model.kernel.scalar;

import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.kernel.operation.UnitGradients;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** {@link UnitGradients} number by number. */
public final class ScalarUnitGradients implements UnitGradients {
    @Override
    public void multiplyByLikelier(Matrix probabilities, Matrix gradient, int rows) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                float p = probabilities.get(r, j);
                gradient.set(r, j, gradient.get(r, j) * Math.max(p, 1f - p));
            }
        }
    }

    @Override
    public void multiplyByResidual(Matrix samples, Matrix probabilities, float factor, Matrix gradient, int rows) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                float residual = Math.abs(samples.get(r, j) - probabilities.get(r, j));
                gradient.set(r, j, gradient.get(r, j) * (residual * factor));
            }
        }
    }

    @Override
    public void multiplyWithin(Matrix logits, float limit, float factor, Matrix gradient, int rows) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                float outside = ScalarMath.whereNegative(limit - Math.abs(logits.get(r, j)));
                gradient.set(r, j, gradient.get(r, j) * ((1f - outside) * factor));
            }
        }
    }

    @Override
    public void relax(Matrix logits, Floats bias, float temperature, int rows, Matrix samples, Matrix derivative) {
        float inverse = 1f / temperature;
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < logits.columns(); j++) {
                float logit = logits.get(r, j) + bias.get(j);
                float odds = ScalarMath.exp((samples.get(r, j) - logit) * inverse);
                float sample = 1f / (odds + 1f);
                logits.set(r, j, logit);
                samples.set(r, j, sample);
                // 1 − y = odds y, without the cancellation
                derivative.set(r, j, sample * (odds * sample) * inverse);
            }
            ScalarSampling.clearPadding(samples, r);
        }
    }

    @Override
    public void rectifyNoisy(Matrix logits, Floats bias, int rows, Matrix samples, Matrix derivative) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < logits.columns(); j++) {
                float logit = logits.get(r, j) + bias.get(j);
                float variance = ScalarMath.sigmoid(logit);
                float noise = (float) Math.sqrt(variance) * samples.get(r, j);
                float sample = Math.max(logit + noise, 0f);
                float slope = ScalarMath.fma(noise * 0.5f, 1f - variance, 1f);
                logits.set(r, j, logit);
                samples.set(r, j, sample);
                derivative.set(r, j, ScalarMath.whereNegative(0f - sample) * slope);
            }
            ScalarSampling.clearPadding(samples, r);
        }
    }

    @Override
    public void multiplyByRelaxedSlope(Matrix logits, Matrix noise, float temperature, Matrix gradient, int rows) {
        float inverse = 1f / temperature;
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                float odds = ScalarMath.exp((noise.get(r, j) - logits.get(r, j)) * inverse);
                float sample = 1f / (odds + 1f);
                gradient.set(r, j, gradient.get(r, j) * (sample * (odds * sample) * inverse));
            }
        }
    }

    @Override
    public void weightedSamples(Matrix samples, float[] weights, int samplesPerRow, int rows, Matrix gradient) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                float sum = 0f;
                for (int row = r; row < samplesPerRow * rows; row += rows) {
                    sum = ScalarMath.fma(samples.get(row, j), weights[row], sum);
                }
                gradient.set(r, j, sum);
            }
        }
    }

    @Override
    public void weightedDeviations(
            Matrix samples, Matrix probabilities, float[] weights, int samplesPerRow, int rows, Matrix gradient) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                float sum = 0f;
                for (int row = r; row < samplesPerRow * rows; row += rows) {
                    sum = ScalarMath.fma(samples.get(row, j) - probabilities.get(r, j), weights[row], sum);
                }
                gradient.set(r, j, sum);
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
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                gradient.set(
                        r,
                        j,
                        (samples.get(r, j) - probabilities.get(r, j)) * (scale * signal[r] - baseline.get(j) * scale));
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
        baselineStatistics(samples, probabilities, signal, 0, rows, kappa, numerator, denominator);
    }

    public void baselineStatistics(
            Matrix samples,
            Matrix probabilities,
            float[] signal,
            int from,
            int rows,
            float kappa,
            Floats numerator,
            Floats denominator) {
        float fresh = (1f - kappa) / rows;
        for (int j = from; j < samples.columns(); j++) {
            float weighted = 0f;
            float plain = 0f;
            for (int r = 0; r < rows; r++) {
                float d = samples.get(r, j) - probabilities.get(r, j);
                float square = d * d;
                weighted = ScalarMath.fma(square, signal[r], weighted);
                plain += square;
            }
            numerator.set(j, ScalarMath.fma(weighted, fresh, numerator.get(j) * kappa));
            denominator.set(j, ScalarMath.fma(plain, fresh, denominator.get(j) * kappa));
        }
    }

    @Override
    public void addOpeningSlope(Matrix probabilities, Floats factors, float ratio, int rows, Matrix gradient) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                float q = probabilities.get(r, j);
                gradient.set(r, j, ScalarMath.fma(factors.get(j), slope(q, ratio), gradient.get(r, j)));
            }
        }
    }

    private static float slope(float q, float ratio) {
        if (ratio == 1f) {
            return q * (1f - q);
        }
        if (ratio == 0.5f) {
            return 0.5f * q * (1f - q * q);
        }
        return ratio * q * (1f - ScalarMath.exp(ScalarMath.log(Math.max(q, Float.MIN_NORMAL)) / ratio));
    }

    @Override
    public void addWherePositive(Matrix gates, float weight, int rows, Matrix gradient) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                gradient.set(r, j, gradient.get(r, j) + (gates.get(r, j) > 0f ? weight : 0f));
            }
        }
    }
}

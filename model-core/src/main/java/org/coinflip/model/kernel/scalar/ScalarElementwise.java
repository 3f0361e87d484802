package org.coinflip.model.kernel.scalar;

import java.nio.ByteBuffer;
import org.coinflip.model.example.ByteFeatures;
import org.coinflip.model.example.Examples;
import org.coinflip.model.example.Features;
import org.coinflip.model.example.FloatFeatures;
import org.coinflip.model.example.SparseFeatures;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.kernel.operation.Elementwise;
import org.coinflip.model.kernel.operation.FiringRate;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** {@link Elementwise} number by number: where the Vector API is missing, and the tails of rows of parameters. */
public final class ScalarElementwise implements Elementwise {
    @Override
    public void gather(Examples examples, int[] places, int rows, Matrix out) {
        Features features = examples.features();
        if (features instanceof ByteFeatures bytes) {
            for (int r = 0; r < rows; r++) {
                gatherBytes(bytes, places[r], 0, out.floats().memory(), out.rowOffset(r));
            }
        } else if (features instanceof FloatFeatures floats) {
            for (int r = 0; r < rows; r++) {
                out.setRow(r, floats.floats(), places[r] * floats.width());
            }
        } else {
            gatherListed((SparseFeatures) features, places, rows, out);
        }
    }

    public void gatherBytes(ByteFeatures features, int place, int from, ByteBuffer memory, int at) {
        for (int j = from; j < features.width(); j++) {
            memory.putFloat(at + j * Float.BYTES, features.get(place, j));
        }
    }

    private static void gatherListed(SparseFeatures features, int[] places, int rows, Matrix out) {
        float[] unlisted = features.offset();
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < features.width(); j++) {
                out.set(r, j, unlisted == null ? 0f : unlisted[j]);
            }
            for (int k = features.start(places[r]); k < features.start(places[r] + 1); k++) {
                out.set(r, features.index(k), features.value(k));
            }
        }
    }

    @Override
    public void activate(Activation f, Matrix values, Floats bias, int rows) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < values.columns(); j++) {
                values.set(r, j, value(f, values.get(r, j) + bias.get(j)));
            }
        }
    }

    private static float value(Activation f, float a) {
        return switch (f) {
            case LINEAR -> a;
            case TANH -> ScalarMath.tanh(a);
            case SIGMOID -> ScalarMath.sigmoid(a);
            case RELU -> Math.max(a, 0f);
            case SOFTPLUS -> ScalarMath.softplus(a);
        };
    }

    @Override
    public void activationGradient(Activation f, Matrix outputs, Matrix gradient, int rows) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                gradient.set(r, j, gradient.get(r, j) * slope(f, outputs.get(r, j)));
            }
        }
    }

    private static float slope(Activation f, float y) {
        return switch (f) {
            case LINEAR -> 1f;
            case TANH -> 1f - y * y;
            case SIGMOID -> y * (1f - y);
            case RELU -> y > 0f ? 1f : 0f;
            case SOFTPLUS -> 1f - ScalarMath.exp(-y);
        };
    }

    @Override
    public void multiply(Matrix factor, Matrix gradient, int rows) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                gradient.set(r, j, gradient.get(r, j) * factor.get(r, j));
            }
        }
    }

    @Override
    public void multiplyByVariance(Matrix probabilities, Matrix gradient, int rows) {
        activationGradient(Activation.SIGMOID, probabilities, gradient, rows);
    }

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
        rectify(logits, bias, rows, samples, derivative);
    }

    public static void rectify(Matrix logits, Floats bias, int rows, Matrix samples, Matrix derivative) {
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
    public void bernoulliLoss(
            Matrix outputs, Matrix targets, int examples, int rows, float weight, Floats parts, float[] losses) {
        for (int r = 0; r < rows; r++) {
            parts.fill(0f);
            for (int j = 0; j < outputs.columns(); j++) {
                float y = outputs.get(r, j);
                float x = targets.get(r % examples, j);
                float odds = ScalarMath.exp(-Math.abs(y));
                float loss = ScalarMath.log(odds + 1f) + Math.max(y, 0f) - x * y;
                float mean = (y < 0f ? odds : 1f) / (odds + 1f);
                add(loss, j, parts);
                outputs.set(r, j, (mean - x) * weight);
            }
            losses[r] = sum(parts);
        }
    }

    @Override
    public void gaussianLoss(
            Matrix outputs, Matrix targets, int examples, int rows, float weight, Floats parts, float[] losses) {
        for (int r = 0; r < rows; r++) {
            parts.fill(0f);
            for (int j = 0; j < outputs.columns(); j++) {
                float error = outputs.get(r, j) - targets.get(r % examples, j);
                add(error * error, j, parts);
                outputs.set(r, j, error * weight);
            }
            losses[r] = sum(parts) / 2;
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
    public void rescale(Matrix in, float factor, float offset, int rows, Matrix out) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < in.columns(); j++) {
                out.set(r, j, ScalarMath.fma(in.get(r, j), factor, offset));
            }
        }
    }

    @Override
    public void scaleRows(float[] factors, int rows, Matrix m) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < m.columns(); j++) {
                m.set(r, j, m.get(r, j) * factors[r]);
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
        for (int r = 0; r < rows; r++) {
            parts.fill(0f);
            for (int j = 0; j < samples.columns(); j++) {
                float a = logits.get(r % n, j);
                add(samples.get(r, j) * (a - priorLogits.get(j)) - ScalarMath.softplus(a), j, parts);
            }
            losses[r] += sum(parts) + normaliser;
        }
    }

    @Override
    public void addPriorGradient(Matrix logits, Floats priorLogits, int n, int rows, float weight, Matrix gradient) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                float slope = logits.get(r % n, j) - priorLogits.get(j);
                gradient.set(r, j, ScalarMath.fma(slope, weight, gradient.get(r, j)));
            }
        }
    }

    @Override
    public void weightedColumnSums(Matrix m, float[] weights, int rows, float scale, float carry, Floats target) {
        weightedColumnSums(m, weights, 0, rows, scale, carry, target);
    }

    public void weightedColumnSums(
            Matrix m, float[] weights, int from, int rows, float scale, float carry, Floats target) {
        for (int j = from; j < m.columns(); j++) {
            float sum = 0f;
            for (int r = 0; r < rows; r++) {
                sum = ScalarMath.fma(m.get(r, j), weights[r], sum);
            }
            float kept = carry == 0f ? 0f : target.get(j) * carry;
            target.set(j, ScalarMath.fma(sum, scale, kept));
        }
    }

    private static void add(float value, int j, Floats parts) {
        int part = j % Matrix.ROW_UNIT;
        parts.set(part, parts.get(part) + value);
    }

    /** The sum of the parts, in order. */
    public static float sum(Floats parts) {
        float sum = 0f;
        for (int i = 0; i < Matrix.ROW_UNIT; i++) {
            sum += parts.get(i);
        }
        return sum;
    }

    @Override
    public void columnSums(Matrix m, int rows, float scale, float carry, Floats target) {
        columnSums(m, 0, rows, scale, carry, target);
    }

    public void columnSums(Matrix m, int from, int rows, float scale, float carry, Floats target) {
        for (int j = from; j < m.columns(); j++) {
            float sum = 0f;
            for (int r = 0; r < rows; r++) {
                sum += m.get(r, j);
            }
            float kept = carry == 0f ? 0f : target.get(j) * carry;
            target.set(j, ScalarMath.fma(sum, scale, kept));
        }
    }

    @Override
    public void addLinear(Matrix in, Floats slope, Floats offset, int rows, Matrix out) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < out.columns(); j++) {
                out.set(r, j, out.get(r, j) + ScalarMath.fma(in.get(r, j), slope.get(j), offset.get(j)));
            }
        }
    }

    @Override
    public void scaleColumns(Floats factors, int rows, Matrix m) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < m.columns(); j++) {
                m.set(r, j, m.get(r, j) * factors.get(j));
            }
        }
    }

    @Override
    public void columnSquares(Matrix m, int rows, float scale, Floats target) {
        columnSquares(m, 0, rows, scale, target);
    }

    public void columnSquares(Matrix m, int from, int rows, float scale, Floats target) {
        for (int j = from; j < m.columns(); j++) {
            float sum = 0f;
            for (int r = 0; r < rows; r++) {
                sum = ScalarMath.fma(m.get(r, j), m.get(r, j), sum);
            }
            target.set(j, sum * scale);
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
        boolean oneDrive = drive.rows() == 1;
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < states.columns(); j++) {
                float s = states.get(r, j);
                float a = field.get(r, j) + drive.get(oneDrive ? 0 : r, j);
                float rate = rates.get(r, j);
                float pull =
                        switch (rho) {
                            case HARD_SIGMOID -> a;
                            case SIGMOID -> a * (rate * (1f - rate));
                            case TANH -> a * (1f - rate * rate);
                        };
                float force = ScalarMath.fma(targets.get(r, j) - s, nudge, pull - s);
                float next = ScalarMath.fma(force, step, s);
                if (rho == FiringRate.HARD_SIGMOID) {
                    next = Math.min(Math.max(next, 0f), 1f);
                }
                states.set(r, j, next);
                switch (rho) {
                    case HARD_SIGMOID -> {}
                    case SIGMOID -> rates.set(r, j, ScalarMath.sigmoid(next));
                    case TANH -> rates.set(r, j, ScalarMath.tanh(next));
                }
            }
        }
    }

    @Override
    public void add(Matrix in, float factor, float carry, int rows, Matrix out) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < out.columns(); j++) {
                float before = carry == 0f ? 0f : carry * out.get(r, j);
                out.set(r, j, ScalarMath.fma(in.get(r, j), factor, before));
            }
        }
    }

    @Override
    public void difference(Matrix a, Matrix b, float factor, int rows, Matrix out) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < out.columns(); j++) {
                out.set(r, j, factor * (a.get(r, j) - b.get(r, j)));
            }
        }
    }
}

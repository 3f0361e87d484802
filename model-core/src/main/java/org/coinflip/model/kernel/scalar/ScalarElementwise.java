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

package org.coinflip.model.kernel.scalar;

import org.coinflip.model.kernel.operation.Losses;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** {@link Losses} number by number. */
public final class ScalarLosses implements Losses {
    @Override
    public void bernoulliLoss(
            Matrix outputs, Matrix targets, int examples, int rows, float weight, Floats parts, float[] losses) {
        for (int r = 0; r < rows; r++) {
            parts.clear();
            for (int j = 0; j < outputs.columns(); j++) {
                float y = outputs.get(r, j);
                float x = targets.get(r % examples, j);
                float odds = ScalarMath.exp(-Math.abs(y));
                float loss = ScalarMath.log(odds + 1f) + Math.max(y, 0f) - x * y;
                float mean = (y < 0f ? odds : 1f) / (odds + 1f);
                add(loss, j, parts);
                outputs.set(r, j, (mean - x) * weight);
            }
            losses[r] = ScalarElementwise.sum(parts);
        }
    }

    @Override
    public void gaussianLoss(
            Matrix outputs, Matrix targets, int examples, int rows, float weight, Floats parts, float[] losses) {
        for (int r = 0; r < rows; r++) {
            parts.clear();
            for (int j = 0; j < outputs.columns(); j++) {
                float error = outputs.get(r, j) - targets.get(r % examples, j);
                add(error * error, j, parts);
                outputs.set(r, j, error * weight);
            }
            losses[r] = ScalarElementwise.sum(parts) / 2;
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
            parts.clear();
            for (int j = 0; j < samples.columns(); j++) {
                float a = logits.get(r % n, j);
                add(samples.get(r, j) * (a - priorLogits.get(j)) - ScalarMath.softplus(a), j, parts);
            }
            losses[r] += ScalarElementwise.sum(parts) + normaliser;
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

    private static void add(float value, int j, Floats parts) {
        int part = j % Matrix.ROW_UNIT;
        parts.set(part, parts.get(part) + value);
    }
}

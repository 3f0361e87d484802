package org.coinflip.model.kernel.scalar;

import java.util.Arrays;
import org.coinflip.model.kernel.operation.Gathering;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** {@link Gathering} one number at a time: what the vector kernels are held to, bit for bit. */
public final class ScalarGathering implements Gathering {
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
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < count; j++) {
                int unit = first[r] + j;
                out.set(r, column + j, biases.get(unit) + dot(inputs, r, 0, weights, unit, parts));
            }
        }
    }

    @Override
    public float dot(Matrix a, int row, int column, Matrix b, int rowOfB, float[] parts) {
        Arrays.fill(parts, 0, Matrix.ROW_UNIT, 0f);
        for (int k = 0; k < b.columns(); k++) {
            int part = k % Matrix.ROW_UNIT;
            parts[part] = ScalarMath.fma(a.get(row, column + k), b.get(rowOfB, k), parts[part]);
        }
        return ScalarGating.sum(parts, 0);
    }

    @Override
    public void propagate(Matrix delta, int column, Matrix weights, int[] first, int count, int rows, Matrix gradient) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < count; j++) {
                addRow(delta.get(r, column + j), weights, first[r] + j, gradient, r, 0);
            }
        }
    }

    @Override
    public void accumulate(
            Matrix delta, int column, Matrix inputs, int[] first, int count, int rows, float scale, Matrix target) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < count; j++) {
                addRow(scale * delta.get(r, column + j), inputs, r, target, first[r] + j, 0);
            }
        }
    }

    @Override
    public void addRow(float factor, Matrix from, int row, Matrix to, int toRow, int column) {
        for (int j = 0; j < from.columns(); j++) {
            to.set(toRow, column + j, ScalarMath.fma(factor, from.get(row, j), to.get(toRow, column + j)));
        }
    }

    @Override
    public void scaleRow(float factor, Matrix from, int row, int column, Matrix to, int toRow) {
        for (int j = 0; j < to.columns(); j++) {
            to.set(toRow, j, factor * from.get(row, column + j));
        }
    }

    @Override
    public void limitNorms(Matrix weights, int[] first, int count, int rows, float most, float[] parts) {
        for (int r = 0; r < rows; r++) {
            for (int unit = first[r]; unit < first[r] + count; unit++) {
                scale(weights, unit, ScalarGating.factor(dot(weights, unit, 0, weights, unit, parts), most));
            }
        }
    }

    public static void scale(Matrix weights, int row, float factor) {
        for (int k = 0; factor != 1f && k < weights.columns(); k++) {
            weights.set(row, k, weights.get(row, k) * factor);
        }
    }
}

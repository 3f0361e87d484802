package org.coinflip.model.kernel;

import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.memory.Matrix;

/**
 * Kernels of categorical units, k neighbouring columns of a row each. Number by number on every machine, as groups of k columns do not
 * fit vectors. Stateless; nothing is allocated.
 */
public final class Categories {
    private Categories() {}

    /**
     * {@code out ← softmax(scale · in)} of each unit's columns.
     *
     * @param in may be {@code out}
     */
    public static void softmax(Matrix in, float scale, int categories, int rows, Matrix out) {
        for (int r = 0; r < rows; r++) {
            for (int from = 0; from < in.columns(); from += categories) {
                float greatest = in.get(r, from + greatest(in, r, from, categories));
                float sum = 0f;
                for (int j = from; j < from + categories; j++) {
                    float power = ScalarMath.exp((in.get(r, j) - greatest) * scale);
                    out.set(r, j, power);
                    sum += power;
                }
                for (int j = from; j < from + categories; j++) {
                    out.set(r, j, out.get(r, j) / sum);
                }
            }
        }
    }

    /** {@code Σ_units log Σ_j e^{a_j}} of a row. */
    public static double logPartition(Matrix logits, int categories, int row) {
        double sum = 0;
        for (int from = 0; from < logits.columns(); from += categories) {
            float greatest = logits.get(row, from + greatest(logits, row, from, categories));
            double powers = 0;
            for (int j = from; j < from + categories; j++) {
                powers += ScalarMath.exp(logits.get(row, j) - greatest);
            }
            sum += greatest + StrictMath.log(powers);
        }
        return sum;
    }

    /** {@code v ← 1} where a unit's column is the greatest, the first of equal ones, else 0. */
    public static void oneHot(Matrix values, int categories, int rows) {
        for (int r = 0; r < rows; r++) {
            for (int from = 0; from < values.columns(); from += categories) {
                int greatest = greatest(values, r, from, categories);
                for (int j = 0; j < categories; j++) {
                    values.set(r, from + j, j == greatest ? 1f : 0f);
                }
            }
        }
    }

    private static int greatest(Matrix values, int row, int from, int categories) {
        int greatest = 0;
        for (int j = 1; j < categories; j++) {
            if (values.get(row, from + j) > values.get(row, from + greatest)) {
                greatest = j;
            }
        }
        return greatest;
    }

    /** {@code out ← factor · in}. */
    public static void multiply(Matrix in, float factor, int rows, Matrix out) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < in.columns(); j++) {
                out.set(r, j, in.get(r, j) * factor);
            }
        }
    }

    /**
     * {@code g_i ← w_i (g_i − Σ_j q_j g_j)} over each unit's columns: with w = q a product with the softmax's Jacobian, diag q − q qᵀ.
     *
     * @param weights w; may be {@code q}
     */
    public static void multiplyByJacobian(Matrix weights, Matrix q, int categories, int rows, Matrix gradient) {
        for (int r = 0; r < rows; r++) {
            for (int from = 0; from < gradient.columns(); from += categories) {
                float mean = 0f;
                for (int j = from; j < from + categories; j++) {
                    mean = ScalarMath.fma(q.get(r, j), gradient.get(r, j), mean);
                }
                for (int j = from; j < from + categories; j++) {
                    gradient.set(r, j, weights.get(r, j) * (gradient.get(r, j) - mean));
                }
            }
        }
    }
}

package org.coinflip.model.kernel.scalar;

import java.util.Arrays;
import org.coinflip.model.kernel.operation.Gating;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.kernel.operation.Updating;
import org.coinflip.model.memory.LineAligned;
import org.coinflip.model.memory.Matrix;

/** {@link Gating} one number at a time: what the vector kernels are held to, bit for bit. */
public final class ScalarGating implements Gating {
    private static final int PARTS = Matrix.ROW_UNIT;

    @Override
    public long mark(Matrix gates, int rows, int[] open) {
        int experts = gates.columns();
        int stride = Gating.stride(experts);
        Arrays.fill(open, 0, Gating.marks(rows, experts), 0);
        long count = 0;
        for (int r = 0; r < rows; r++) {
            int block = r / BLOCK * stride;
            for (int j = 0; j < experts; j++) {
                if (gates.get(r, j) != 0f) {
                    open[block + j] |= 1 << r % BLOCK;
                    count++;
                }
            }
        }
        return count;
    }

    private static boolean isOpen(int[] open, int experts, int row, int expert) {
        return (open[row / BLOCK * Gating.stride(experts) + expert] >>> row % BLOCK & 1) != 0;
    }

    @Override
    public void multiply(Matrix inputs, Matrix weights, int[] open, int rows, Scratch scratch, Matrix out) {
        int width = weights.columns();
        for (int r = 0; r < rows; r++) {
            inputs.getRow(r, scratch.rows(), LineAligned.row(r, width));
        }
        for (int j = 0; j < weights.rows(); j++) {
            if (!Gating.isClosed(open, weights.rows(), rows, j)) {
                weights.getRow(j, scratch.row(), 0);
            }
            for (int r = 0; r < rows; r++) {
                boolean isOpen = isOpen(open, weights.rows(), r, j);
                out.set(
                        r,
                        j,
                        isOpen
                                ? dot(scratch.rows(), LineAligned.row(r, width), scratch.row(), width, scratch.parts())
                                : 0f);
            }
        }
    }

    /** Part i has the terms i, i + 16, … */
    private static float dot(float[] x, int from, float[] w, int width, float[] parts) {
        int whole = width / PARTS * PARTS;
        // four parts at a time, for the sums of one are a chain
        for (int part = 0; part < PARTS; part += 4) {
            float s0 = 0f;
            float s1 = 0f;
            float s2 = 0f;
            float s3 = 0f;
            for (int k = part; k < whole; k += PARTS) {
                s0 = ScalarMath.fma(x[from + k], w[k], s0);
                s1 = ScalarMath.fma(x[from + k + 1], w[k + 1], s1);
                s2 = ScalarMath.fma(x[from + k + 2], w[k + 2], s2);
                s3 = ScalarMath.fma(x[from + k + 3], w[k + 3], s3);
            }
            parts[part] = s0;
            parts[part + 1] = s1;
            parts[part + 2] = s2;
            parts[part + 3] = s3;
        }
        for (int k = whole; k < width; k++) {
            parts[k - whole] = ScalarMath.fma(x[from + k], w[k], parts[k - whole]);
        }
        return sum(parts, 0);
    }

    private static float dot(Matrix a, int rowOfA, Matrix b, int rowOfB, float[] parts) {
        Arrays.fill(parts, 0, PARTS, 0f);
        for (int k = 0; k < b.columns(); k++) {
            parts[k % PARTS] = ScalarMath.fma(a.get(rowOfA, k), b.get(rowOfB, k), parts[k % PARTS]);
        }
        return sum(parts, 0);
    }

    /** The sum of sixteen parts, in pairs. */
    public static float sum(float[] parts, int from) {
        float s0 = parts[from] + parts[from + 8];
        float s1 = parts[from + 1] + parts[from + 9];
        float s2 = parts[from + 2] + parts[from + 10];
        float s3 = parts[from + 3] + parts[from + 11];
        float s4 = parts[from + 4] + parts[from + 12];
        float s5 = parts[from + 5] + parts[from + 13];
        float s6 = parts[from + 6] + parts[from + 14];
        float s7 = parts[from + 7] + parts[from + 15];
        return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
    }

    @Override
    public void accumulate(
            Matrix delta,
            Matrix inputs,
            int[] open,
            int rows,
            float scale,
            float carry,
            float mostNorm,
            Scratch scratch,
            Matrix target) {
        for (int j = 0; j < target.rows(); j++) {
            if (carry == 1f && Gating.isClosed(open, target.rows(), rows, j)) {
                continue;
            }
            for (int k = 0; k < target.columns(); k++) {
                float sum = carry == 0f ? 0f : carry * target.get(j, k);
                for (int r = 0; r < rows; r++) {
                    if (isOpen(open, target.rows(), r, j)) {
                        sum = ScalarMath.fma(scale * delta.get(r, j), inputs.get(r, k), sum);
                    }
                }
                target.set(j, k, sum);
            }
            if (mostNorm > 0) {
                limitRowNorm(target, j, mostNorm, scratch);
            }
        }
    }

    @Override
    public void drift(
            Matrix weights, Matrix velocity, int row, float rate, float decay, float mostNorm, Scratch scratch) {
        for (int k = 0; k < weights.columns(); k++) {
            float u = velocity.get(row, k);
            weights.set(row, k, ScalarMath.fma(u, -rate, weights.get(row, k)));
            float left = u * decay;
            velocity.set(row, k, Math.abs(left) < Updating.FLUSH ? 0f : left);
        }
        if (mostNorm > 0) {
            limitRowNorm(weights, row, mostNorm, scratch);
        }
    }

    @Override
    public void propagate(
            Matrix delta, Matrix weights, int[] open, int rows, float carry, Scratch scratch, Matrix gradient) {
        for (int r = 0; r < rows; r++) {
            for (int k = 0; k < weights.columns(); k++) {
                float sum = carry == 0f ? 0f : carry * gradient.get(r, k);
                for (int j = 0; j < weights.rows(); j++) {
                    if (isOpen(open, weights.rows(), r, j)) {
                        sum = ScalarMath.fma(delta.get(r, j), weights.get(j, k), sum);
                    }
                }
                gradient.set(r, k, sum);
            }
        }
    }

    @Override
    public void product(Matrix a, Matrix b, float carry, int rows, Matrix out) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < out.columns(); j++) {
                float before = carry == 0f ? 0f : carry * out.get(r, j);
                out.set(r, j, ScalarMath.fma(a.get(r, j), b.get(r, j), before));
            }
        }
    }

    @Override
    public void limitRowNorms(Matrix weights, float most, Scratch scratch) {
        for (int j = 0; j < weights.rows(); j++) {
            limitRowNorm(weights, j, most, scratch);
        }
    }

    private static void limitRowNorm(Matrix weights, int row, float most, Scratch scratch) {
        float factor = factor(dot(weights, row, weights, row, scratch.parts()), most);
        for (int k = 0; factor != 1f && k < weights.columns(); k++) {
            weights.set(row, k, weights.get(row, k) * factor);
        }
    }

    /** What brings a vector of the given squared norm back to a norm of at most {@code most}. */
    public static float factor(float square, float most) {
        return square > most * most ? (float) (most / Math.sqrt(square)) : 1f;
    }
}

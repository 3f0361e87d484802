package org.coinflip.model.kernel.scalar;

import org.coinflip.model.kernel.operation.Normalising;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** {@link Normalising} number by number. */
public final class ScalarNormalising implements Normalising {
    @Override
    public void standardise(Matrix in, int size, float epsilon, int rows, Floats parts, float[] scales, Matrix out) {
        int groups = in.columns() / size;
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < groups; i++) {
                int first = i * size;
                parts.clear();
                addSum(in, r, first, 0, size, parts);
                float mean = ScalarElementwise.sum(parts) / size;
                parts.clear();
                addSquares(in, r, first, mean, 0, size, parts);
                float scale = scale(ScalarElementwise.sum(parts) / size, epsilon);
                scales[r * groups + i] = scale;
                write(in, r, first, mean, scale, 0, size, out);
            }
        }
    }

    /** {@code 1 / √(v + ε)}. */
    public static float scale(float variance, float epsilon) {
        return 1f / (float) Math.sqrt(variance + epsilon);
    }

    /** Adds the numbers from one of a group on to their parts. */
    public static void addSum(Matrix in, int row, int first, int from, int size, Floats parts) {
        for (int j = from; j < size; j++) {
            int part = j % Matrix.ROW_UNIT;
            parts.set(part, parts.get(part) + in.get(row, first + j));
        }
    }

    /** The same of squared deviations from a mean. */
    public static void addSquares(Matrix in, int row, int first, float mean, int from, int size, Floats parts) {
        for (int j = from; j < size; j++) {
            int part = j % Matrix.ROW_UNIT;
            float deviation = in.get(row, first + j) - mean;
            parts.set(part, ScalarMath.fma(deviation, deviation, parts.get(part)));
        }
    }

    /** Writes what a group comes out as from one of its numbers on. */
    public static void write(Matrix in, int row, int first, float mean, float scale, int from, int size, Matrix out) {
        for (int j = from; j < size; j++) {
            out.set(row, first + j, (in.get(row, first + j) - mean) * scale);
        }
    }

    @Override
    public void standardiseGradient(
            Matrix standardised,
            float[] scales,
            Floats factors,
            Matrix upstream,
            int size,
            int rows,
            float carry,
            Floats parts,
            Matrix gradient) {
        int groups = upstream.columns() / size;
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < groups; i++) {
                int first = i * size;
                parts.clear();
                addScaled(factors, upstream, r, first, 0, size, parts);
                float mean = ScalarElementwise.sum(parts) / size;
                parts.clear();
                addProducts(standardised, factors, upstream, r, first, 0, size, parts);
                float slope = -(ScalarElementwise.sum(parts) / size);
                float scale = scales[r * groups + i];
                writeGradient(standardised, factors, upstream, r, first, mean, slope, scale, 0, size, carry, gradient);
            }
        }
    }

    /** Adds the e from one of a group on to their parts. */
    public static void addScaled(
            Floats factors, Matrix upstream, int row, int first, int from, int size, Floats parts) {
        for (int j = from; j < size; j++) {
            int part = j % Matrix.ROW_UNIT;
            parts.set(part, parts.get(part) + factors.get(first + j) * upstream.get(row, first + j));
        }
    }

    /** The same of e y. */
    public static void addProducts(
            Matrix standardised,
            Floats factors,
            Matrix upstream,
            int row,
            int first,
            int from,
            int size,
            Floats parts) {
        for (int j = from; j < size; j++) {
            int part = j % Matrix.ROW_UNIT;
            float scaled = factors.get(first + j) * upstream.get(row, first + j);
            parts.set(part, ScalarMath.fma(scaled, standardised.get(row, first + j), parts.get(part)));
        }
    }

    /** Writes a group's gradient from one of its numbers on. */
    public static void writeGradient(
            Matrix standardised,
            Floats factors,
            Matrix upstream,
            int row,
            int first,
            float mean,
            float slope,
            float scale,
            int from,
            int size,
            float carry,
            Matrix gradient) {
        for (int j = from; j < size; j++) {
            float centred = factors.get(first + j) * upstream.get(row, first + j) - mean;
            float whole = ScalarMath.fma(standardised.get(row, first + j), slope, centred);
            float before = carry == 0f ? 0f : gradient.get(row, first + j);
            gradient.set(row, first + j, ScalarMath.fma(whole, scale, before));
        }
    }

    @Override
    public void normalise(Matrix in, Floats means, Floats factors, Floats offsets, int rows, Matrix out) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < in.columns(); j++) {
                out.set(r, j, ScalarMath.fma(in.get(r, j) - means.get(j), factors.get(j), offsets.get(j)));
            }
        }
    }

    @Override
    public void squaredDeviations(Matrix m, Floats means, float[] weights, int rows, Floats target) {
        for (int j = 0; j < m.columns(); j++) {
            float sum = 0f;
            for (int r = 0; r < rows; r++) {
                float deviation = m.get(r, j) - means.get(j);
                sum = ScalarMath.fma(deviation * deviation, weights[r], sum);
            }
            target.set(j, sum);
        }
    }

    @Override
    public void gradientSums(
            Matrix in, Floats means, Matrix upstream, float[] weights, int rows, Floats sums, Floats products) {
        for (int j = 0; j < in.columns(); j++) {
            float sum = 0f;
            float product = 0f;
            for (int r = 0; r < rows; r++) {
                float weighted = upstream.get(r, j) * weights[r];
                sum += weighted;
                product = ScalarMath.fma(weighted, in.get(r, j) - means.get(j), product);
            }
            sums.set(j, sum);
            products.set(j, product);
        }
    }

    @Override
    public void normaliseGradient(
            Matrix in,
            Floats means,
            Floats factors,
            Floats meanGradients,
            Floats slopes,
            Matrix upstream,
            int rows,
            float carry,
            Matrix gradient) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < in.columns(); j++) {
                float centred = upstream.get(r, j) - meanGradients.get(j);
                float whole = ScalarMath.fma(in.get(r, j) - means.get(j), slopes.get(j), centred);
                float before = carry == 0f ? 0f : gradient.get(r, j);
                gradient.set(r, j, ScalarMath.fma(whole, factors.get(j), before));
            }
        }
    }
}

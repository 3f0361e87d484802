package org.coinflip.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.coinflip.model.kernel.operation.Gathering;
import org.coinflip.model.kernel.scalar.ScalarGathering;
import org.coinflip.model.kernel.vector.VectorGathering;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products with gathered rows: the same bits from vectors and from scalars, and the sums of their definition in double precision. */
@Tag("numerical")
class GatheringTest {
    private static final int UNITS = 30;

    private final Random random = new Random(6);

    /** What a kernel is given, of one width; twins get the same. */
    private final class Bench {
        private final int rows;
        private final int count;
        private final int column = 2;
        private final int[] first;
        private final float[] parts = new float[Matrix.ROW_UNIT];
        private final Matrix x;
        private final Matrix delta;
        private final Floats biases = Floats.allocate(UNITS);
        private final Matrix weights;

        Bench(int rows, int inputs, int count, boolean padded) {
            this.rows = rows;
            this.count = count;
            first = random.ints(rows, 0, UNITS - count + 1).toArray();
            x = normal(Matrix.padded(rows, inputs));
            delta = normal(Matrix.padded(rows, column + count));
            weights = normal(
                    padded
                            ? Matrix.padded(UNITS, inputs)
                            : Matrix.dense(Floats.allocate(UNITS * inputs), UNITS, inputs));
            for (int i = 0; i < UNITS; i++) {
                biases.set(i, (float) random.nextGaussian());
            }
        }

        private Matrix normal(Matrix matrix) {
            for (int i = 0; i < matrix.floats().length(); i++) {
                matrix.floats().set(i, (float) random.nextGaussian());
            }
            return matrix;
        }

        Matrix multiplied(Gathering kernels) {
            Matrix out = delta.zeros();
            kernels.multiply(x, weights, biases, first, count, rows, parts, out, column);
            return out;
        }

        Matrix propagated(Gathering kernels) {
            Matrix gradient = copy(x);
            kernels.propagate(delta, column, weights, first, count, rows, gradient);
            return gradient;
        }

        Matrix accumulated(Gathering kernels, float most) {
            Matrix target = copy(weights);
            kernels.accumulate(delta, column, x, first, count, rows, -0.3f, target);
            if (most > 0) {
                kernels.limitNorms(target, first, count, rows, most, parts);
            }
            return target;
        }
    }

    private static Matrix copy(Matrix m) {
        Matrix copy = m.zeros();
        copy.floats().set(m.floats());
        return copy;
    }

    private static void assertSameBits(Matrix expected, Matrix actual, String what) {
        for (int i = 0; i < expected.floats().length(); i++) {
            assertEquals(
                    Float.floatToIntBits(expected.floats().get(i)),
                    Float.floatToIntBits(actual.floats().get(i)),
                    what + " at " + i + ", padding included");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, true",
        "5, 3, 1, false",
        "5, 4, 2, false",
        "40, 16, 3, true",
        "7, 17, 4, false",
        "7, 17, 4, true",
        "33, 31, 1, false",
        "3, 100, 5, false"
    })
    void sumsAreThoseOfTheirDefinitionInEveryTwin(int rows, int inputs, int count, boolean padded) {
        Bench bench = new Bench(rows, inputs, count, padded);
        Gathering scalar = new ScalarGathering();
        Gathering vector = new VectorGathering();
        Matrix products = bench.multiplied(scalar);
        Matrix below = bench.propagated(scalar);
        Matrix target = bench.accumulated(scalar, 0f);
        Matrix limited = bench.accumulated(scalar, 2f);
        assertSameBits(products, bench.multiplied(vector), "multiply");
        assertSameBits(below, bench.propagated(vector), "propagate");
        assertSameBits(target, bench.accumulated(vector, 0f), "accumulate");
        assertSameBits(limited, bench.accumulated(vector, 2f), "norms");

        double[][] expected = new double[UNITS][inputs];
        double[][] magnitudes = new double[UNITS][inputs];
        boolean[] touched = new boolean[UNITS];
        for (int i = 0; i < UNITS; i++) {
            for (int k = 0; k < inputs; k++) {
                expected[i][k] = bench.weights.get(i, k);
                magnitudes[i][k] = Math.abs(expected[i][k]);
            }
        }
        for (int r = 0; r < rows; r++) {
            double[] gradient = new double[inputs];
            double[] ofGradient = new double[inputs];
            for (int j = 0; j < count; j++) {
                int unit = bench.first[r] + j;
                double delta = bench.delta.get(r, bench.column + j);
                double sum = bench.biases.get(unit);
                double magnitude = Math.abs(sum);
                touched[unit] = true;
                for (int k = 0; k < inputs; k++) {
                    double w = bench.weights.get(unit, k);
                    double x = bench.x.get(r, k);
                    sum += w * x;
                    magnitude += Math.abs(w * x);
                    gradient[k] += delta * w;
                    ofGradient[k] += Math.abs(delta * w);
                    expected[unit][k] -= (double) 0.3f * delta * x;
                    magnitudes[unit][k] += Math.abs(0.3 * delta * x);
                }
                assertEquals(sum, products.get(r, bench.column + j), Rounding.dot(inputs + 1, magnitude));
            }
            for (int k = 0; k < inputs; k++) {
                double before = bench.x.get(r, k);
                double bound = Rounding.dot(count, ofGradient[k] + Math.abs(before));
                assertEquals(before + gradient[k], below.get(r, k), bound);
            }
        }
        for (int i = 0; i < UNITS; i++) {
            double square = 0;
            double squareOfLimited = 0;
            for (int k = 0; k < inputs; k++) {
                // the factor's rounding, and a fused sum for each row that has the unit
                assertEquals(expected[i][k], target.get(i, k), Rounding.dot(rows + 1, magnitudes[i][k]));
                square += Math.pow(target.get(i, k), 2);
                squareOfLimited += Math.pow(limited.get(i, k), 2);
            }
            double norm = Math.sqrt(square);
            double most = touched[i] ? Math.min(norm, 2) : norm;
            assertEquals(most, Math.sqrt(squareOfLimited), Rounding.of(inputs + 4, norm), "the norm of " + i);
        }
        assertTrue(products.get(0, bench.column) != 0f);
    }

    /** Rows of a part of {@code columns} beside two numbers that are no part of it, on either side. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 15, 16, 17, 40, 64})
    void rowsArePartsOfWiderRowsInEveryTwin(int columns) {
        Bench bench = new Bench(4, columns, 2, true);
        Matrix wide = bench.normal(Matrix.padded(3, columns + 4));
        Matrix added = copy(wide);
        Matrix addedByVectors = copy(wide);
        new ScalarGathering().addRow(-1.3f, bench.x, 3, added, 1, 2);
        new VectorGathering().addRow(-1.3f, bench.x, 3, addedByVectors, 1, 2);
        assertSameBits(added, addedByVectors, "addRow");
        Matrix scaled = copy(bench.x);
        Matrix scaledByVectors = copy(bench.x);
        new ScalarGathering().scaleRow(0.7f, wide, 1, 2, scaled, 2);
        new VectorGathering().scaleRow(0.7f, wide, 1, 2, scaledByVectors, 2);
        float dot = new ScalarGathering().dot(wide, 1, 2, bench.x, 3, bench.parts);
        assertEquals(dot, new VectorGathering().dot(wide, 1, 2, bench.x, 3, bench.parts));

        double sum = 0;
        double magnitude = 0;
        for (int j = 0; j < columns + 4; j++) {
            boolean isPart = j >= 2 && j < columns + 2;
            double x = isPart ? bench.x.get(3, j - 2) : 0;
            double expected = wide.get(1, j) - (double) 1.3f * x;
            assertEquals((float) expected, added.get(1, j), "rounded once");
            assertEquals(wide.get(0, j), added.get(0, j));
            assertEquals(wide.get(2, j), added.get(2, j));
            if (isPart) {
                assertEquals(0.7f * wide.get(1, j), scaled.get(2, j - 2));
                assertEquals(scaled.get(2, j - 2), scaledByVectors.get(2, j - 2));
                assertEquals(bench.x.get(1, j - 2), scaledByVectors.get(1, j - 2));
                assertEquals(bench.x.get(3, j - 2), scaledByVectors.get(3, j - 2));
                sum += x * wide.get(1, j);
                magnitude += Math.abs(x * wide.get(1, j));
            }
        }
        assertEquals(sum, dot, Rounding.dot(columns, magnitude));
    }
}

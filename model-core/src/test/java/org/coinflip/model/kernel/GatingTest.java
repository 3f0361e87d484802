package org.coinflip.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.coinflip.model.kernel.operation.Gating;
import org.coinflip.model.kernel.scalar.ScalarGating;
import org.coinflip.model.kernel.scalar.ScalarUnitGradients;
import org.coinflip.model.kernel.vector.VectorGating;
import org.coinflip.model.kernel.vector.VectorUnitGradients;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernels of gated experts: the same bits from vectors and from scalars, and the sums of their definition in double precision. */
@Tag("numerical")
class GatingTest {
    private static final Gating VECTOR = new VectorGating();
    private static final Gating SCALAR = new ScalarGating();

    private final Random random = new Random(6);

    private Matrix normal(Matrix matrix) {
        for (int r = 0; r < matrix.rows(); r++) {
            for (int j = 0; j < matrix.columns(); j++) {
                matrix.set(r, j, (float) random.nextGaussian());
            }
        }
        return matrix;
    }

    private Matrix gates(int rows, int experts, double density) {
        Matrix gates = Matrix.padded(rows, experts);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < experts; j++) {
                gates.set(r, j, random.nextDouble() < density ? (float) random.nextGaussian() : 0f);
            }
        }
        return gates;
    }

    private static Matrix dense(int rows, int columns) {
        return Matrix.dense(Floats.allocate(rows * columns), rows, columns);
    }

    private static Matrix copy(Matrix m) {
        Matrix copy = m.stride() == m.columns() ? dense(m.rows(), m.columns()) : Matrix.padded(m.rows(), m.columns());
        copy.floats().set(m.floats());
        return copy;
    }

    private static void assertSameBits(Matrix expected, Matrix actual, String what) {
        for (int r = 0; r < expected.rows(); r++) {
            for (int j = 0; j < expected.columns(); j++) {
                assertEquals(
                        Float.floatToIntBits(expected.get(r, j)),
                        Float.floatToIntBits(actual.get(r, j)),
                        what + " at " + r + ", " + j);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1",
        "1, 5, 7, 0",
        "3, 16, 16, 0.5",
        "32, 33, 50, 0.1",
        "33, 20, 17, 1",
        "257, 40, 31, 0.01",
        "70, 3, 100, 0.4",
        "9, 70, 112, 0.3",
        "40, 33, 245, 0.1"
    })
    void vectorsGiveTheBitsOfScalars(int rows, int experts, int inputs, double density) {
        Matrix x = normal(Matrix.padded(rows, inputs));
        Matrix w = normal(dense(experts, inputs));
        Matrix gates = gates(rows, experts, density);
        Matrix delta = normal(Matrix.padded(rows, experts));
        Gating.Scratch scratch = Gating.Scratch.of(rows, inputs);
        int[] open = new int[Gating.marks(rows, experts)];
        int[] openToo = new int[open.length];
        assertEquals(SCALAR.mark(gates, rows, open), VECTOR.mark(gates, rows, openToo));
        for (int block = 0; block < open.length; block += Gating.stride(experts)) {
            for (int j = block; j < block + experts; j++) {
                assertEquals(open[j], openToo[j], "mark " + j);
            }
        }
        Matrix expected = normal(Matrix.padded(rows, experts));
        Matrix actual = normal(Matrix.padded(rows, experts));
        SCALAR.multiply(x, w, open, rows, scratch, expected);
        VECTOR.multiply(x, w, open, rows, scratch, actual);
        assertSameBits(expected, actual, "multiply");
        for (float carry : new float[] {0f, 0.9f, 1f}) {
            for (float most : new float[] {0f, 2f}) {
                Matrix target = copy(w);
                Matrix targetToo = copy(w);
                SCALAR.accumulate(delta, x, open, rows, -0.3f, carry, most, scratch, target);
                VECTOR.accumulate(delta, x, open, rows, -0.3f, carry, most, scratch, targetToo);
                assertSameBits(target, targetToo, "accumulate, carry " + carry + ", norm " + most);
                Matrix moved = copy(w);
                Matrix movedToo = copy(w);
                for (int j = 0; j < experts; j++) {
                    SCALAR.drift(moved, target, j, 0.3f, carry, most, scratch);
                    VECTOR.drift(movedToo, targetToo, j, 0.3f, carry, most, scratch);
                }
                assertSameBits(moved, movedToo, "drift, decay " + carry + ", norm " + most);
                assertSameBits(target, targetToo, "what drift leaves, decay " + carry);
            }
            Matrix limited = copy(w);
            Matrix limitedToo = copy(w);
            SCALAR.limitRowNorms(limited, 2f, scratch);
            VECTOR.limitRowNorms(limitedToo, 2f, scratch);
            assertSameBits(limited, limitedToo, "row norms");
            Matrix gradient = normal(Matrix.padded(rows, inputs));
            Matrix gradientToo = copy(gradient);
            SCALAR.propagate(delta, w, open, rows, carry, scratch, gradient);
            VECTOR.propagate(delta, w, open, rows, carry, scratch, gradientToo);
            assertSameBits(gradient, gradientToo, "propagate, carry " + carry);
            Matrix product = copy(delta);
            Matrix productToo = copy(delta);
            SCALAR.product(gates, delta, carry, rows, product);
            VECTOR.product(gates, delta, carry, rows, productToo);
            assertSameBits(product, productToo, "product, carry " + carry);
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "0.5", "0.25"})
    void slopesAndPenaltiesGiveTheBitsOfScalars(float ratio) {
        Matrix q = Matrix.padded(5, 37);
        for (int r = 0; r < 5; r++) {
            for (int j = 0; j < 37; j++) {
                q.set(r, j, random.nextFloat());
            }
        }
        Floats factors = Floats.allocate(37);
        for (int j = 0; j < 37; j++) {
            factors.set(j, (float) random.nextGaussian());
        }
        Matrix gradient = normal(Matrix.padded(5, 37));
        Matrix gradientToo = copy(gradient);
        new ScalarUnitGradients().addOpeningSlope(q, factors, ratio, 5, gradient);
        new VectorUnitGradients().addOpeningSlope(q, factors, ratio, 5, gradientToo);
        assertSameBits(gradient, gradientToo, "opening slope");
        Matrix gates = gates(5, 37, 0.5);
        new ScalarUnitGradients().addWherePositive(gates, 0.3f, 5, gradient);
        new VectorUnitGradients().addWherePositive(gates, 0.3f, 5, gradientToo);
        assertSameBits(gradient, gradientToo, "where positive");
    }

    /** Of the bound on its rounding, as {@link Rounding#dot} has it, the greatest part that an entry of each product is off by. */
    @ParameterizedTest
    @CsvSource({"40, 30, 50, 0.3", "7, 12, 784, 1"})
    void productsAreThoseOfTheirDefinition(int rows, int experts, int inputs, double density) {
        Matrix x = normal(Matrix.padded(rows, inputs));
        Matrix w = normal(dense(experts, inputs));
        Matrix gates = gates(rows, experts, density);
        Matrix delta = normal(Matrix.padded(rows, experts));
        Gating.Scratch scratch = Gating.Scratch.of(rows, inputs);
        int[] open = new int[Gating.marks(rows, experts)];
        VECTOR.mark(gates, rows, open);
        Matrix out = Matrix.padded(rows, experts);
        VECTOR.multiply(x, w, open, rows, scratch, out);
        Matrix target = dense(experts, inputs);
        VECTOR.accumulate(delta, x, open, rows, 0.5f, 0f, 0f, scratch, target);
        Matrix gradient = Matrix.padded(rows, inputs);
        VECTOR.propagate(delta, w, open, rows, 0f, scratch, gradient);
        double[] parts = new double[3];
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < experts; j++) {
                Sum sum = new Sum();
                for (int k = 0; gates.get(r, j) != 0f && k < inputs; k++) {
                    sum.add((double) x.get(r, k) * w.get(j, k));
                }
                parts[0] = Math.max(parts[0], sum.part(out.get(r, j)));
            }
        }
        for (int k = 0; k < inputs; k++) {
            for (int j = 0; j < experts; j++) {
                Sum sum = new Sum();
                for (int r = 0; r < rows; r++) {
                    sum.add(gates.get(r, j) != 0f ? 0.5 * delta.get(r, j) * x.get(r, k) : 0);
                }
                parts[1] = Math.max(parts[1], sum.part(target.get(j, k)));
            }
            for (int r = 0; r < rows; r++) {
                Sum sum = new Sum();
                for (int j = 0; j < experts; j++) {
                    sum.add(gates.get(r, j) != 0f ? (double) delta.get(r, j) * w.get(j, k) : 0);
                }
                parts[2] = Math.max(parts[2], sum.part(gradient.get(r, k)));
            }
        }
        for (double part : parts) {
            assertTrue(part <= 1, "off by the parts " + Arrays.toString(parts));
        }
    }

    /** A sum and the sum of its magnitudes, of which the scale is one more factor. */
    private static final class Sum {
        private double value;
        private double magnitude;
        private int terms = 1;

        void add(double term) {
            value += term;
            magnitude += Math.abs(term);
            terms += term == 0 ? 0 : 1;
        }

        double part(float found) {
            return found == value ? 0 : Math.abs(found - value) / Rounding.dot(terms, magnitude);
        }
    }
}

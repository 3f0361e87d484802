package org.coinflip.model.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;
import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The portable products: vectors give the bits of the scalar twin, which are those of the sums written out. */
@Tag("numerical")
class PortableBlasTest {
    private static final String SHAPES =
            """
            1, 1, 1
            1, 10, 7
            7, 9, 1
            8, 32, 16
            9, 33, 17
            16, 64, 200
            31, 200, 65
            3, 530, 5
            530, 3, 5
            600, 300, 20
            """;

    private static Matrix random(SplittableRandom random, int rows, int columns, boolean padded) {
        Matrix matrix =
                padded ? Matrix.padded(rows, columns) : Matrix.dense(Floats.allocate(rows * columns), rows, columns);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < columns; j++) {
                matrix.set(r, j, number(random));
            }
        }
        return matrix;
    }

    /** Mostly ordinary, now and then zero, denormal, or too small to count. */
    private static float number(SplittableRandom random) {
        float ordinary = (float) (random.nextDouble() * 2 - 1);
        return switch (random.nextInt(12)) {
            case 0 -> 0f;
            case 1 -> ordinary * 1e-20f;
            case 2 -> ordinary * 1e-40f;
            case 3 -> ordinary * 1e-10f;
            default -> ordinary;
        };
    }

    private static int[] product(
            Blas blas,
            long seed,
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float alpha,
            float beta) {
        SplittableRandom random = new SplittableRandom(seed);
        Matrix a = transposeA ? random(random, k, m, true) : random(random, m, k, true);
        Matrix b = transposeB ? random(random, n, k, false) : random(random, k, n, false);
        Matrix c = random(random, m, n, false);
        blas.gemm(transposeA, transposeB, m, n, k, alpha, a, b, beta, c);
        int[] bits = new int[m * n];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(c.floats().get(i));
        }
        return bits;
    }

    @ParameterizedTest
    @CsvSource(textBlock = SHAPES)
    void vectorsGiveTheBitsOfTheScalarTwin(int m, int n, int k) {
        Blas vector = new VectorBlas();
        Blas scalar = new ScalarBlas();
        float[][] factors = {{1f, 0f}, {-0.01f, 0.9f}, {0.5f, 1f}};
        for (int form = 0; form < 4; form++) {
            for (float[] factor : factors) {
                boolean transposeA = (form & 1) != 0;
                boolean transposeB = (form & 2) != 0;
                assertArrayEquals(
                        product(scalar, form, transposeA, transposeB, m, n, k, factor[0], factor[1]),
                        product(vector, form, transposeA, transposeB, m, n, k, factor[0], factor[1]),
                        "form " + form + ", factors " + factor[0] + " " + factor[1]);
            }
        }
    }

    /** Sums of whole numbers below 2²⁴ are exact in any order, so the expected values come without one. */
    @ParameterizedTest
    @CsvSource(textBlock = SHAPES)
    void wholeNumbersComeOutExact(int m, int n, int k) {
        SplittableRandom random = new SplittableRandom(7);
        for (int form = 0; form < 4; form++) {
            boolean transposeA = (form & 1) != 0;
            boolean transposeB = (form & 2) != 0;
            Matrix a = transposeA ? whole(random, k, m) : whole(random, m, k);
            Matrix b = transposeB ? whole(random, n, k) : whole(random, k, n);
            Matrix c = whole(random, m, n);
            long[] expected = new long[m * n];
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    long sum = 0;
                    for (int t = 0; t < k; t++) {
                        sum += (long) (transposeA ? a.get(t, i) : a.get(i, t))
                                * (long) (transposeB ? b.get(j, t) : b.get(t, j));
                    }
                    expected[i * n + j] = 2 * sum - 3 * (long) c.get(i, j);
                }
            }
            new VectorBlas().gemm(transposeA, transposeB, m, n, k, 2f, a, b, -3f, c);
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    assertEquals(expected[i * n + j], (long) c.get(i, j), "row " + i + ", column " + j);
                }
            }
        }
    }

    private static Matrix whole(SplittableRandom random, int rows, int columns) {
        Matrix matrix = Matrix.padded(rows, columns);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < columns; j++) {
                matrix.set(r, j, random.nextInt(-64, 65));
            }
        }
        return matrix;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 200, 1003})
    void axpyRoundsOnce(int length) {
        for (Blas blas : List.of(new VectorBlas(), new ScalarBlas())) {
            SplittableRandom random = new SplittableRandom(length);
            Floats x = Floats.allocate(length);
            Floats y = Floats.allocate(length);
            for (int i = 0; i < length; i++) {
                x.set(i, number(random));
                y.set(i, number(random));
            }
            float[] before = y.toArray();
            blas.axpy(-0.1f, x, y);
            for (int i = 0; i < length; i++) {
                float exact = new BigDecimal(-0.1f)
                        .multiply(new BigDecimal(x.get(i)))
                        .add(new BigDecimal(before[i]))
                        .floatValue();
                assertEquals(exact, y.get(i), "number " + i);
            }
        }
    }

    /** What a row comes to does not depend on which others are computed with it. */
    @Test
    void rowsAreIndependentOfTheBatch() {
        SplittableRandom random = new SplittableRandom(3);
        Matrix a = random(random, 37, 65, true);
        Matrix b = random(random, 65, 50, false);
        Matrix together = Matrix.padded(37, 50);
        Matrix alone = Matrix.padded(37, 50);
        Blas blas = new VectorBlas();
        blas.gemm(false, false, 37, 50, 65, 1f, a, b, 0f, together);
        for (int r = 0; r < 37; r++) {
            blas.gemm(false, false, 1, 50, 65, 1f, a.rows(r, 1), b, 0f, alone.rows(r, 1));
        }
        for (int r = 0; r < 37; r++) {
            for (int j = 0; j < 50; j++) {
                assertEquals(Float.floatToRawIntBits(together.get(r, j)), Float.floatToRawIntBits(alone.get(r, j)));
            }
        }
    }

    /** No product of two numbers that count is denormal, and what does not count leaves no trace. */
    @Test
    void numbersBelowTheLeastCountAsZero() {
        assertEquals(0x1p-63f, ScalarBlas.counted(0x1p-63f));
        assertEquals(0, Float.floatToRawIntBits(ScalarBlas.counted(-Math.nextDown(0x1p-63f))));
        assertEquals(-0x1p-63f, ScalarBlas.counted(-0x1p-63f));
        assertEquals(Float.NaN, ScalarBlas.counted(Float.NaN));
        assertEquals(Float.NEGATIVE_INFINITY, ScalarBlas.counted(Float.NEGATIVE_INFINITY));
        assertEquals(Float.MIN_NORMAL, 0x1p-63f * 0x1p-63f);
    }
}

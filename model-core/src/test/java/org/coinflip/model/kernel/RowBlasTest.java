package org.coinflip.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowBlasTest {
    private static Matrix random(Random random, int rows, int columns, boolean tiny) {
        Matrix matrix = Matrix.padded(rows, columns);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < columns; j++) {
                float x = (float) random.nextGaussian();
                int kind = random.nextInt(6);
                matrix.set(r, j, kind == 0 ? 0f : kind == 1 ? -0f : tiny && kind == 2 ? x * 1e-25f : x);
            }
        }
        return matrix;
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 7, 5", "1, 10, 784", "3, 33, 18", "2, 4, 0", "1, 65, 3"})
    void hasTheBitsOfTheScalarProducts(int m, int n, int k) {
        Random random = new Random(31L * n + k);
        for (boolean transposeB : new boolean[] {false, true}) {
            for (boolean transposeA : new boolean[] {false, true}) {
                for (float beta : new float[] {0f, 1f, 0.3f}) {
                    Matrix a = transposeA ? random(random, k, m, true) : random(random, m, k, true);
                    Matrix b = transposeB ? random(random, n, k, false) : random(random, k, n, false);
                    Matrix expected = random(random, m, n, true);
                    Matrix got = expected.zeros();
                    got.setRows(0, expected, 0, m);
                    assertTrue(RowBlas.suits(b.floats()));
                    new ScalarBlas().gemm(transposeA, transposeB, m, n, k, 0.7f, a, b, beta, expected);
                    new RowBlas().gemm(transposeA, transposeB, m, n, k, 0.7f, a, b, beta, got);
                    for (int i = 0; i < m; i++) {
                        for (int j = 0; j < n; j++) {
                            assertEquals(
                                    Float.floatToRawIntBits(expected.get(i, j)),
                                    Float.floatToRawIntBits(got.get(i, j)),
                                    i + ", " + j + " of transposed " + transposeA + " " + transposeB + ", β " + beta);
                        }
                    }
                }
            }
        }
    }

    @Test
    void doesNotSuitNumbersThatTheOthersCountAsZero() {
        assertTrue(RowBlas.suits(Floats.of(0f, -0f, 1f, 0x1p-63f, -0x1p-63f)));
        assertFalse(RowBlas.suits(Floats.of(1f, 0x1p-64f)));
        assertFalse(RowBlas.suits(Floats.of(Float.POSITIVE_INFINITY)));
    }
}

package org.coinflip.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerical")
class RowInvariantBlasTest {
    private static Matrix random(int rows, int columns, Random random) {
        Matrix matrix = Matrix.padded(rows, columns);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < columns; j++) {
                matrix.set(r, j, (float) random.nextGaussian());
            }
        }
        return matrix;
    }

    /** OpenBLAS for AVX2 takes a dozen rows as six and six, each in another order. */
    private record ByPlace(Blas blas) implements Blas {
        @Override
        public void gemm(
                boolean transposeA,
                boolean transposeB,
                int m,
                int n,
                int k,
                float alpha,
                Matrix a,
                Matrix b,
                float beta,
                Matrix c) {
            blas.gemm(transposeA, transposeB, m, n, k, alpha, a, b, beta, c);
            for (int r = 6; m > 4 && r < m; r++) {
                for (int j = 0; j < n; j++) {
                    c.set(r, j, Math.nextUp(c.get(r, j)));
                }
            }
        }

        @Override
        public void axpy(float alpha, Floats x, Floats y) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String name() {
            return blas.name();
        }
    }

    @Test
    void equalRowsComeOutEqualWhateverTheirPlace() {
        int rows = 48;
        Blas library = Backend.detect().blas();
        for (Blas blas : new Blas[] {library, new ByPlace(library)}) {
            Blas placeless = new RowInvariantBlas(blas, rows);
            for (int columns : new int[] {1, 10, 11, 64, 200}) {
                for (boolean transposed : new boolean[] {false, true}) {
                    Random random = new Random(3);
                    Matrix one = random(1, 53, random);
                    Matrix a = Matrix.padded(rows, 53);
                    for (int r = 0; r < rows; r++) {
                        a.setRows(r, one, 0, 1);
                    }
                    Matrix b = transposed ? random(columns, 53, random) : random(53, columns, random);
                    Matrix c = Matrix.padded(rows, columns);
                    placeless.gemm(false, transposed, rows, columns, 53, 1f, a, b, 0f, c);
                    for (int r = 1; r < rows; r++) {
                        for (int j = 0; j < columns; j++) {
                            assertEquals(c.get(0, j), c.get(r, j), "row " + r + ", column " + j + " of " + columns);
                        }
                    }
                }
            }
        }
    }
}

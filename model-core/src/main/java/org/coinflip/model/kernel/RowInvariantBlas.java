package org.coinflip.model.kernel;

import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * Products of one number of rows in which a row has the same bits whatever its place. Libraries do not promise that: OpenBLAS for AVX2 takes a
 * dozen rows as six and six, each in an order of its own, and so does MKL, on processors without AVX-512, with some products of a transposed
 * matrix. So equal rows are multiplied once, and where they come out unequal, products go by the largest blocks in which they do not. Costs nothing
 * where the library keeps rows equal by itself. Belongs to one thread.
 */
public final class RowInvariantBlas implements Blas {
    /** Numbers of rows are multiples of this. */
    public static final int UNIT = 8;

    private static final int LARGEST_BLOCK = 32;
    private static final int[][] COLUMNS_AND_INNER = {{37, 53}, {10, 200}};

    private final Blas blas;
    private final int rows;
    private final int plainBlock;
    private final int transposedBlock;
    private final int plainGroup;
    private final int transposedGroup;

    /**
     * @param rows a multiple of {@link #UNIT}; products of other numbers of rows but {@link #groupRows}, or of the transpose of the first matrix, are
     *     the library's
     */
    public RowInvariantBlas(Blas blas, int rows) {
        this.blas = blas;
        this.rows = rows;
        plainBlock = block(false, rows);
        transposedBlock = block(true, rows);
        plainGroup = block(false, groupRows());
        transposedGroup = block(true, groupRows());
    }

    private int block(boolean transposeB, int rows) {
        int block = rows;
        for (int next = LARGEST_BLOCK; block > 1 && !keepsRowsEqual(transposeB, block); next /= 2) {
            block = rows % next == 0 ? Math.min(block, next) : block;
        }
        return block;
    }

    private boolean keepsRowsEqual(boolean transposeB, int count) {
        for (int[] shape : COLUMNS_AND_INNER) {
            int columns = shape[0];
            int inner = shape[1];
            Matrix a = Matrix.padded(count, inner);
            Matrix b = transposeB ? Matrix.padded(columns, inner) : Matrix.padded(inner, columns);
            for (int k = 0; k < inner; k++) {
                for (int r = 0; r < count; r++) {
                    a.set(r, k, 1f / (3 + k));
                }
                for (int j = 0; j < columns; j++) {
                    b.set(transposeB ? j : k, transposeB ? k : j, 1f / (j + 7) - 1f / (k + 5));
                }
            }
            Matrix c = Matrix.padded(count, columns);
            blas.gemm(false, transposeB, count, columns, inner, 1f, a, b, 0f, c);
            for (int r = 1; r < count; r++) {
                for (int j = 0; j < columns; j++) {
                    if (c.get(r, j) != c.get(0, j)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

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
        int block = m == rows
                ? transposeB ? transposedBlock : plainBlock
                : m == groupRows() ? transposeB ? transposedGroup : plainGroup : m;
        if (transposeA || block == m) {
            blas.gemm(transposeA, transposeB, m, n, k, alpha, a, b, beta, c);
            return;
        }
        for (int from = 0; from < m; from += block) {
            blas.gemm(false, transposeB, block, n, k, alpha, a.rows(from, block), b, beta, c.rows(from, block));
        }
    }

    @Override
    public int groupRows() {
        return LARGEST_BLOCK;
    }

    @Override
    public void axpy(float alpha, Floats x, Floats y) {
        blas.axpy(alpha, x, y);
    }

    @Override
    public String name() {
        return blas.name();
    }
}

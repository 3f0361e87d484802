package org.coinflip.model.kernel;

import java.util.Arrays;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * Products computed a block of rows at a time. A BLAS may round a row otherwise where a product has another number of rows; with the
 * blocks in which rows were first computed, they come out the same to the bit when they are computed again as one batch. Belongs to
 * one thread.
 */
public final class BlockedBlas implements Blas {
    /** Rows of a block in which no library that we know of rounds a row by its place. */
    public static final int PLACES = 8;

    private final Blas blas;
    private int[] blocks = {};
    private int count;
    private int rows;

    public BlockedBlas(Blas blas) {
        this.blas = blas;
    }

    /**
     * A library's products of so many rows with the same bits for a row whatever its place among them: the library itself where it gives
     * equal rows equal results, as MKL and OpenBLAS for AVX-512 do; else its products in blocks, for OpenBLAS for AVX2 takes rows 6 and 4 at a time,
     * each in an order of its own.
     *
     * @param rows a multiple of {@link #PLACES}
     */
    public static Blas placeless(Blas blas, int rows) {
        if (givesEqualRowsEqually(blas, rows)) {
            return blas;
        }
        int[] sizes = new int[rows / PLACES];
        Arrays.fill(sizes, PLACES);
        BlockedBlas blocked = new BlockedBlas(blas);
        blocked.setBlocks(sizes, sizes.length);
        return blocked;
    }

    private static boolean givesEqualRowsEqually(Blas blas, int rows) {
        int inner = 53;
        int columns = 37;
        Matrix a = Matrix.padded(rows, inner);
        Matrix b = Matrix.padded(inner, columns);
        for (int k = 0; k < inner; k++) {
            for (int r = 0; r < rows; r++) {
                a.set(r, k, 1f / (3 + k));
            }
            for (int j = 0; j < columns; j++) {
                b.set(k, j, 1f / (j + 7) - 1f / (k + 5));
            }
        }
        Matrix c = Matrix.padded(rows, columns);
        blas.gemm(false, false, rows, columns, inner, 1f, a, b, 0f, c);
        for (int r = 1; r < rows; r++) {
            for (int j = 0; j < columns; j++) {
                if (c.get(r, j) != c.get(0, j)) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * From now on, products of the blocks' total number of rows are computed in blocks.
     *
     * @param sizes rows of each block; the first {@code number} count; kept, not copied
     */
    public void setBlocks(int[] sizes, int number) {
        blocks = sizes;
        count = number;
        rows = 0;
        for (int i = 0; i < number; i++) {
            rows += sizes[i];
        }
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
        if (transposeA || m != rows) {
            blas.gemm(transposeA, transposeB, m, n, k, alpha, a, b, beta, c);
            return;
        }
        int from = 0;
        for (int i = 0; i < count; i++) {
            int size = blocks[i];
            blas.gemm(false, transposeB, size, n, k, alpha, a.rows(from, size), b, beta, c.rows(from, size));
            from += size;
        }
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

package org.coinflip.model.kernel;

import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * Products computed a block of rows at a time. A BLAS may round a row otherwise where a product has another number of rows; with the
 * blocks in which rows were first computed, they come out the same to the bit when they are computed again as one batch. Belongs to
 * one thread.
 */
public final class BlockedBlas implements Blas {
    private final Blas blas;
    private int[] blocks = {};
    private int count;
    private int rows;

    public BlockedBlas(Blas blas) {
        this.blas = blas;
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

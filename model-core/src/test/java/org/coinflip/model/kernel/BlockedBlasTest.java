package org.coinflip.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerical")
class BlockedBlasTest {
    private static final int[] SIZES = {17, 17, 5, 1};
    private static final int ROWS = 40;
    private static final int INNER = 53;
    private static final int COLUMNS = 11;

    private static Matrix random(int rows, int columns, Random random) {
        Matrix matrix = Matrix.padded(rows, columns);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < columns; j++) {
                matrix.set(r, j, (float) random.nextGaussian());
            }
        }
        return matrix;
    }

    @Test
    void rowsComeOutAsTheyDoInTheirBlocksAlone() {
        Random random = new Random(1);
        Matrix a = random(ROWS, INNER, random);
        Matrix b = random(INNER, COLUMNS, random);
        Matrix c = Matrix.padded(ROWS, COLUMNS);
        Blas blas = Backend.detect().blas();
        BlockedBlas blocked = new BlockedBlas(blas);
        blocked.setBlocks(SIZES, SIZES.length);
        blocked.gemm(false, false, ROWS, COLUMNS, INNER, 1f, a, b, 0f, c);
        int from = 0;
        for (int size : SIZES) {
            Matrix part = Matrix.padded(size, INNER);
            part.setRows(0, a, from, size);
            Matrix alone = Matrix.padded(size, COLUMNS);
            blas.gemm(false, false, size, COLUMNS, INNER, 1f, part, b, 0f, alone);
            for (int r = 0; r < size; r++) {
                for (int j = 0; j < COLUMNS; j++) {
                    assertEquals(alone.get(r, j), c.get(from + r, j), "row " + (from + r) + ", column " + j);
                    double sum = 0;
                    double magnitude = 0;
                    for (int k = 0; k < INNER; k++) {
                        double product = (double) a.get(from + r, k) * b.get(k, j);
                        sum += product;
                        magnitude += Math.abs(product);
                    }
                    assertEquals(sum, c.get(from + r, j), Rounding.dot(INNER, magnitude));
                }
            }
            from += size;
        }
    }

    @Test
    void otherProductsAreWhole() {
        Random random = new Random(2);
        Matrix a = random(ROWS, INNER, random);
        Matrix d = random(ROWS, COLUMNS, random);
        Matrix whole = Matrix.padded(INNER, COLUMNS);
        Matrix got = Matrix.padded(INNER, COLUMNS);
        Blas blas = Backend.detect().blas();
        BlockedBlas blocked = new BlockedBlas(blas);
        blocked.setBlocks(SIZES, SIZES.length);
        blas.gemm(true, false, INNER, COLUMNS, ROWS, 1f, a, d, 0f, whole);
        blocked.gemm(true, false, INNER, COLUMNS, ROWS, 1f, a, d, 0f, got);
        for (int r = 0; r < INNER; r++) {
            for (int j = 0; j < COLUMNS; j++) {
                assertEquals(whole.get(r, j), got.get(r, j));
            }
        }
    }
}

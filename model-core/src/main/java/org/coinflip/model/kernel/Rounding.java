package org.coinflip.model.kernel;

import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.coinflip.model.memory.Matrix;

/** A checksum of the bits of some matrix products, with more terms than a library adds at a time and edges that fill no block. */
final class Rounding {
    private static final int ROWS = 37;
    private static final int COLUMNS = 43;
    private static final int TERMS = 1501;

    private Rounding() {}

    static String of(Blas blas) {
        CRC32 checksum = new CRC32();
        for (boolean transposeA : new boolean[] {false, true}) {
            for (boolean transposeB : new boolean[] {false, true}) {
                SplittableRandom random = new SplittableRandom(1);
                Matrix a = random(random, transposeA ? TERMS : ROWS, transposeA ? ROWS : TERMS);
                Matrix b = random(random, transposeB ? COLUMNS : TERMS, transposeB ? TERMS : COLUMNS);
                Matrix c = random(random, ROWS, COLUMNS);
                blas.gemm(transposeA, transposeB, ROWS, COLUMNS, TERMS, -0.3f, a, b, 0.9f, c);
                for (int r = 0; r < ROWS; r++) {
                    for (int j = 0; j < COLUMNS; j++) {
                        int bits = Float.floatToRawIntBits(c.get(r, j));
                        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
                            checksum.update(bits >>> shift);
                        }
                    }
                }
            }
        }
        return String.format(java.util.Locale.ROOT, "%08x", checksum.getValue());
    }

    private static Matrix random(SplittableRandom random, int rows, int columns) {
        Matrix matrix = Matrix.padded(rows, columns);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < columns; j++) {
                matrix.set(r, j, (float) (random.nextDouble() - 0.5));
            }
        }
        return matrix;
    }
}

package org.coinflip.model.kernel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.memory.Matrix;

/** A checksum of the bits of some matrix products, with more terms than a library adds at a time and edges that fill no block. */
final class Rounding {
    private static final int ROWS = 37;
    private static final int COLUMNS = 43;
    private static final int TERMS = 1501;

    private static final double GOLDEN = 0.6180339887498949;

    /** A fact of the machine, found when it is first asked for. */
    private static final Map<BlasLibrary, String> FOUND = new ConcurrentHashMap<>();

    private Rounding() {}

    static String of(BlasLibrary library) {
        return FOUND.computeIfAbsent(library, asked -> of(asked.open(1)));
    }

    static String of(Blas blas) {
        CRC32 checksum = new CRC32();
        for (boolean transposeA : new boolean[] {false, true}) {
            for (boolean transposeB : new boolean[] {false, true}) {
                Matrix a = spread(transposeA ? TERMS : ROWS, transposeA ? ROWS : TERMS);
                Matrix b = spread(transposeB ? COLUMNS : TERMS, transposeB ? TERMS : COLUMNS);
                Matrix c = spread(ROWS, COLUMNS);
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

    /** Numbers between −½ and ½ that use all their digits: the fractions of multiples of the golden ratio. */
    private static Matrix spread(int rows, int columns) {
        Matrix matrix = Matrix.padded(rows, columns);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < columns; j++) {
                double multiple = (r * columns + j + 1) * GOLDEN;
                matrix.set(r, j, (float) (multiple - Math.rint(multiple)));
            }
        }
        return matrix;
    }
}

package org.coinflip.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;

/** Vector and scalar kernels, run on the same numbers: large, small, denormal and ordinary ones. */
final class Twins {
    static final int ROWS = 5;
    static final float LARGE = 50f;
    static final float[] SPECIAL = {
        0f,
        -0f,
        1f,
        -1f,
        LARGE,
        -LARGE,
        100f,
        -100f,
        1e-7f,
        -1e-7f,
        1e-30f,
        -1e-30f,
        Float.MIN_NORMAL,
        1e-42f,
        -1e-42f,
        Float.MIN_VALUE,
        0.5f,
        3.7f,
        -3.7f
    };

    private Twins() {}

    /** What a kernel is given and what it leaves, the same for both twins. */
    static final class Bench {
        private final Random random = new Random(42);
        private final int width;
        private final List<Matrix> matrices = new ArrayList<>();
        private final List<Floats> vectors = new ArrayList<>();
        final Draws draws;
        final float[] signal = new float[ROWS];

        Bench(int width) {
            this.width = width;
            this.draws = new Draws(width).of(0x1234_5678_9ABCL, 3, 2, new long[] {7, -1, 1L << 40}, 3, row -> row);
            for (int r = 0; r < ROWS; r++) {
                signal[r] = any();
            }
        }

        private float any() {
            return random.nextInt(3) == 0
                    ? SPECIAL[random.nextInt(SPECIAL.length)]
                    : (float) (random.nextGaussian() * Math.pow(10, random.nextInt(4) - 2));
        }

        Matrix matrix() {
            Matrix matrix = Matrix.padded(ROWS, width);
            for (int r = 0; r < ROWS; r++) {
                for (int j = 0; j < width; j++) {
                    matrix.set(r, j, any());
                }
            }
            matrices.add(matrix);
            return matrix;
        }

        /** Outputs of a rectifier or probabilities: not negative, and never −0. */
        Matrix notNegative(float most) {
            Matrix matrix = matrix();
            for (int r = 0; r < ROWS; r++) {
                for (int j = 0; j < width; j++) {
                    matrix.set(r, j, Math.min(most, Math.max(matrix.get(r, j), 0f)));
                }
            }
            return matrix;
        }

        Floats vector(int length) {
            Floats vector = Floats.allocate(length);
            for (int j = 0; j < length; j++) {
                vector.set(j, any());
            }
            vectors.add(vector);
            return vector;
        }

        Floats vector() {
            return vector(width);
        }

        /** With room for the padding of a row, which is not compared. */
        Floats paddedVector() {
            Floats vector = Floats.allocate(Matrix.padded(width));
            vectors.add(vector.view(0, width));
            return vector;
        }

        Floats notNegativeVector() {
            Floats vector = vector();
            for (int j = 0; j < width; j++) {
                vector.set(j, Math.abs(vector.get(j)));
            }
            return vector;
        }

        int[] bits() {
            IntStream.Builder bits = IntStream.builder();
            for (Matrix matrix : matrices) {
                for (int r = 0; r < matrix.rows(); r++) {
                    for (int j = 0; j < width; j++) {
                        bits.add(Float.floatToRawIntBits(matrix.get(r, j)));
                    }
                }
            }
            for (float value : signal) {
                bits.add(Float.floatToRawIntBits(value));
            }
            for (Floats vector : vectors) {
                for (int j = 0; j < vector.length(); j++) {
                    bits.add(Float.floatToRawIntBits(vector.get(j)));
                }
            }
            return bits.build().toArray();
        }
    }

    interface Kernel {
        void run(Backend backend, Bench bench);
    }

    private static int[] bits(Backend backend, int width, Kernel kernel) {
        Bench bench = new Bench(width);
        kernel.run(backend, bench);
        return bench.bits();
    }

    /** Runs a kernel on both, on the same numbers. */
    static void agree(String name, int width, Kernel kernel) {
        // The kernels here need no matrix products.
        int[] vector = bits(Backend.vector(new NoBlas()), width, kernel);
        int[] scalar = bits(Backend.scalar(new NoBlas()), width, kernel);
        int at = Arrays.mismatch(vector, scalar);
        if (at >= 0) {
            assertEquals(
                    Float.intBitsToFloat(scalar[at]) + " " + Integer.toHexString(scalar[at]),
                    Float.intBitsToFloat(vector[at]) + " " + Integer.toHexString(vector[at]),
                    name + " of width " + width + " at " + at + " of " + scalar.length);
        }
    }

    record NoBlas() implements Blas {
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
            throw new UnsupportedOperationException();
        }

        @Override
        public void axpy(float alpha, Floats x, Floats y) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String name() {
            return "none";
        }
    }
}

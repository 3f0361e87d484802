package org.coinflip.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.memory.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerical")
class BlasLibraryTest {
    private static final int N = 64;
    /** More terms than a library adds before it stores a sum: within such a block, many libraries add in the same order. */
    private static final int TERMS = 5000;

    /** Both export cblas_sgemm, and calls of one can silently reach the other; then they round alike. */
    @Test
    void mklAndOpenBlasAreTwoLibraries() {
        assumeTrue(BlasLibrary.MKL.loads() && BlasLibrary.OPENBLAS.loads());
        float[] mkl = product(BlasLibrary.MKL.open(1));
        float[] openBlas = product(BlasLibrary.OPENBLAS.open(1));
        assertFalse(Arrays.equals(mkl, openBlas), "4,096 sums of 5,000 terms came out the same to the bit");
    }

    private static float[] product(Blas blas) {
        SplittableRandom random = new SplittableRandom(1);
        Matrix a = Matrix.padded(N, TERMS);
        Matrix b = Matrix.padded(N, TERMS);
        Matrix c = Matrix.padded(N, N);
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < TERMS; j++) {
                a.set(i, j, (float) random.nextDouble());
                b.set(i, j, (float) random.nextDouble());
            }
        }
        blas.gemm(false, true, N, N, TERMS, 1f, a, b, 0f, c);
        return c.floats().toArray();
    }

    @Test
    void aBackendsNameBeginsWithItsLibrary() {
        for (BlasLibrary library : BlasLibrary.values()) {
            if (library.loads()) {
                assertEquals(
                        Optional.of(library),
                        BlasLibrary.in(Backend.around(library.open(1)).name()));
            }
        }
        assertEquals(Optional.empty(), BlasLibrary.in("cuBLAS 12, vector kernels of 16 floats"));
    }

    @Test
    void anUnknownLibraryIsRefusedWithThoseThatThereAre() {
        UsageException e = assertThrows(UsageException.class, () -> BlasLibrary.of("atlas"));
        assertTrue(e.getMessage().contains("got atlas, expected one of auto, mkl, openblas, portable"), e.getMessage());
    }

    @Test
    void aStepsProductsAreTimedWithEveryLibrary() {
        Product product = new Product(false, false, 16, 20, 30, false);
        ProductTimes times = ProductTimes.measure(Map.of(product, 2), List.of(BlasLibrary.PORTABLE), 1);
        double seconds = times.seconds(BlasLibrary.PORTABLE, product);
        assertTrue(seconds > 0 && seconds < 0.1, seconds + " s for 19,200 operations");
        assertEquals(2 * seconds, times.seconds(BlasLibrary.PORTABLE));
        assertEquals(2 * 16 * 20 * 30 / seconds / 1e9, times.gigaflops(BlasLibrary.PORTABLE), 1e-9 / seconds);
    }

    @Test
    void portableArithmeticIsOneChoiceWhateverIsAsked() {
        assertEquals(KernelChoice.PORTABLE, KernelChoice.usual(Arithmetic.PORTABLE));
        assertEquals(KernelChoice.PORTABLE, KernelChoice.goingOn(Arithmetic.PORTABLE, "MKL 2025.3", () -> {
            throw new AssertionError("nothing is to be measured");
        }));
    }
}

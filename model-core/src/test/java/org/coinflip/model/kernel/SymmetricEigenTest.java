package org.coinflip.model.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SymmetricEigenTest {
    /**
     * Reflections and rotations are backward stable: what comes out belongs to a matrix within p(n) 2⁻⁵³ ‖A‖ of A, p a small multiple of n
     * in the worst case (Higham 2002, §19.3), with the Frobenius norm.
     */
    private static double bound(int n, double[] a) {
        return 10 * n * 0x1p-53 * Math.sqrt(Arrays.stream(a).map(x -> x * x).sum());
    }

    private static double[] random(int n) {
        Random random = new Random(n);
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                a[i * n + j] = random.nextGaussian();
                a[j * n + i] = a[i * n + j];
            }
        }
        return a;
    }

    /** {@code H diag(λ) H} with the reflection {@code H = I − 2 u uᵀ / uᵀu}, u = 1, 2, …, n. */
    private static double[] withSpectrum(double... values) {
        int n = values.length;
        double square = IntStream.rangeClosed(1, n).mapToDouble(i -> i * i).sum();
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int k = 0; k < n; k++) {
                    double ik = (i == k ? 1 : 0) - 2 * (i + 1) * (k + 1) / square;
                    double kj = (k == j ? 1 : 0) - 2 * (k + 1) * (j + 1) / square;
                    a[i * n + j] += ik * values[k] * kj;
                }
            }
        }
        return a;
    }

    /** A v = λ v, vᵀv = 1 and vᵀv' = 0; λ ascending; the largest number of v positive. */
    private static SymmetricEigen verified(int n, double[] a) {
        double[] before = a.clone();
        SymmetricEigen eigen = new SymmetricEigen(n, a);
        assertArrayEquals(before, a, "not modified");
        double bound = bound(n, a);
        for (int k = 0; k < n; k++) {
            double largest = 0;
            for (int i = 0; i < n; i++) {
                double product = 0;
                for (int j = 0; j < n; j++) {
                    product += a[i * n + j] * eigen.vector(j, k);
                }
                assertEquals(eigen.values()[k] * eigen.vector(i, k), product, bound);
                largest = Math.abs(eigen.vector(i, k)) > Math.abs(largest) ? eigen.vector(i, k) : largest;
            }
            assertTrue(largest > 0);
            assertTrue(k == 0 || eigen.values()[k - 1] <= eigen.values()[k]);
            for (int l = 0; l <= k; l++) {
                double product = 0;
                for (int i = 0; i < n; i++) {
                    product += eigen.vector(i, k) * eigen.vector(i, l);
                }
                assertEquals(k == l ? 1 : 0, product, 10 * n * 0x1p-53);
            }
        }
        return eigen;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 17, 128, 129, 300})
    void vectorsAreOrthonormalAndKeepTheirDirection(int n) {
        verified(n, random(n));
    }

    @Test
    void theSpectrumOfSecondDifferencesIsTheKnownOne() {
        int n = 150;
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            a[i * n + i] = 2;
            if (i > 0) {
                a[i * n + i - 1] = -1;
                a[(i - 1) * n + i] = -1;
            }
        }
        double[] values = verified(n, a).values();
        for (int k = 0; k < n; k++) {
            assertEquals(2 - 2 * Math.cos((k + 1) * Math.PI / (n + 1)), values[k], bound(n, a));
        }
    }

    @Test
    void equalAndZeroEigenvaluesComeOut() {
        double[] spectrum = {-3, 0, 0, 0, 0.5, 5, 5, 5, 5, 1e6};
        double[] a = withSpectrum(spectrum);
        // The matrix itself is rounded: n products of three numbers each.
        assertArrayEquals(spectrum, verified(10, a).values(), 2 * bound(10, a));
        assertArrayEquals(new double[4], verified(4, new double[16]).values());
        verified(3, new double[] {7, 0, 0, 0, 7, 0, 0, 0, 7});
    }

    @ParameterizedTest
    @ValueSource(ints = {-900, -200, 900})
    void aPowerOfTwoScalesEigenvaluesAndNothingElse(int exponent) {
        double[] a = random(40);
        SymmetricEigen one = new SymmetricEigen(40, a);
        SymmetricEigen other = new SymmetricEigen(
                40, Arrays.stream(a).map(x -> Math.scalb(x, exponent)).toArray());
        for (int k = 0; k < 40; k++) {
            assertEquals(Math.scalb(one.values()[k], exponent), other.values()[k]);
            for (int i = 0; i < 40; i++) {
                assertEquals(one.vector(i, k), other.vector(i, k));
            }
        }
    }

    @Test
    void numbersWhoseSquaresUnderflowDoNoHarm() {
        double tiny = 1e-160;
        double[] a = {1, tiny, tiny, tiny, tiny, tiny, -tiny, tiny, tiny, -tiny, 0, tiny, tiny, tiny, tiny, -tiny};
        assertArrayEquals(new double[] {0, 0, 0, 1}, verified(4, a).values(), bound(4, a));
    }

    @Test
    void coordinatesAreProductsWithTheVectors() {
        int n = 30;
        double[] a = random(n);
        SymmetricEigen eigen = new SymmetricEigen(n, a);
        double[] column = new double[n];
        for (int i = 0; i < n; i++) {
            column[i] = eigen.vector(i, 7);
        }
        double[] coordinates = eigen.coordinates(column);
        for (int k = 0; k < n; k++) {
            assertEquals(k == 7 ? 1 : 0, coordinates[k], 10 * n * 0x1p-53);
        }
    }

    /** Whatever the processor, the JVM and its vectors: the numbers are a fixed sequence of exactly rounded operations. */
    @Test
    void bitsAreTheSameEverywhere() {
        int n = 140;
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                a[i * n + j] = (i * 7919L + j * 104729L) % 1009 - 504;
            }
        }
        SymmetricEigen eigen = new SymmetricEigen(n, a);
        long hash = Arrays.hashCode(eigen.values());
        for (int k = 0; k < n; k++) {
            for (int i = 0; i < n; i++) {
                hash = 31 * hash + Double.doubleToLongBits(eigen.vector(i, k));
            }
        }
        assertEquals("815929b384d1c03c", Long.toHexString(hash));
    }

    @Test
    void aMatrixThatIsNotFiniteIsRefused() {
        ArithmeticException e = assertThrows(
                ArithmeticException.class, () -> new SymmetricEigen(2, new double[] {1, 0, Double.NaN, 1}));
        assertEquals("got NaN in row 1, column 0, expected a symmetric matrix of finite numbers", e.getMessage());
    }
}

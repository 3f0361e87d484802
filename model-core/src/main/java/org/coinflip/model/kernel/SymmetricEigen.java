package org.coinflip.model.kernel;

import java.util.Arrays;
import org.bytedeco.openblas.global.openblas;

/**
 * Eigenvalues and orthonormal eigenvectors of a real symmetric matrix, {@code A = V diag(λ) Vᵀ}, in double precision, by LAPACK's
 * divide and conquer.
 */
public final class SymmetricEigen {
    private final double[] values;
    private final double[] vectors;

    /**
     * @param n rows and columns
     * @param matrix row-major, n × n, of which the lower triangle counts; not modified
     */
    public SymmetricEigen(int n, double[] matrix) {
        values = new double[n];
        vectors = Arrays.copyOf(matrix, n * n);
        int failed = openblas.LAPACKE_dsyevd(openblas.LAPACK_ROW_MAJOR, (byte) 'V', (byte) 'L', n, vectors, n, values);
        if (failed != 0) {
            throw new ArithmeticException("got eigenvalues that do not converge (LAPACK says " + failed
                    + "), expected a symmetric matrix of finite numbers");
        }
    }

    /** λ, ascending. */
    public double[] values() {
        return values;
    }

    /** A number of the eigenvector of eigenvalue k. */
    public double vector(int i, int k) {
        return vectors[i * values.length + k];
    }

    /** {@code Vᵀ x}: a vector in the eigenvectors' coordinates. */
    public double[] coordinates(double[] x) {
        int n = values.length;
        double[] out = new double[n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                out[k] += vectors[i * n + k] * x[i];
            }
        }
        return out;
    }
}

package org.coinflip.model.kernel.operation;

import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** Single-precision matrix products. Thread-safe; each call runs on {@code threads} native threads, one unless told otherwise. */
public interface Blas {
    /**
     * {@code C ← α op(A) op(B) + β C}, all row-major.
     *
     * @param transposeA op(A) is Aᵀ
     * @param transposeB op(B) is Bᵀ
     * @param m rows of C
     * @param n columns of C
     * @param k the summed dimension
     * @param c modified
     */
    void gemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float alpha,
            Matrix a,
            Matrix b,
            float beta,
            Matrix c);

    /**
     * {@code y ← α x + y}, each number rounded once.
     *
     * @param y as long as x, modified
     */
    void axpy(float alpha, Floats x, Floats y);

    /**
     * The number of rows that products of a part of a batch must have for a row's bits not to depend on the part; 0 where any will do, because it
     * is so anyway or no one minds.
     */
    default int groupRows() {
        return 0;
    }

    /** The library and its version, for reports. */
    String name();
}

package org.coinflip.model.kernel;

import org.bytedeco.openblas.global.openblas;
import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** OpenBLAS: open, and the fastest where MKL holds a processor's vectors back. */
final class OpenBlas implements Blas {
    /** A call binds the library's symbol, which lasts. */
    static {
        Matrix one = Matrix.padded(1, 1);
        openblas.cblas_sgemm(
                openblas.CblasRowMajor,
                openblas.CblasNoTrans,
                openblas.CblasNoTrans,
                1,
                1,
                1,
                1f,
                one.pointer(),
                1,
                one.pointer(),
                1,
                0f,
                one.pointer(),
                1);
        openblas.cblas_saxpy(1, 1f, one.pointer(), 1, one.pointer(), 1);
    }

    /**
     * Sees to it that calls go to this library where MKL is loaded too. MKL makes its symbols known to the whole process, {@code
     * cblas_sgemm} among them, and symbols are bound at the first call: without a call before, OpenBLAS's products would silently be MKL's.
     */
    static void bind() {
        // the class's initialisation does it
    }

    OpenBlas(int threads) {
        openblas.blas_set_num_threads(threads);
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
        openblas.cblas_sgemm(
                openblas.CblasRowMajor,
                transposeA ? openblas.CblasTrans : openblas.CblasNoTrans,
                transposeB ? openblas.CblasTrans : openblas.CblasNoTrans,
                m,
                n,
                k,
                alpha,
                a.pointer(),
                a.stride(),
                b.pointer(),
                b.stride(),
                beta,
                c.pointer(),
                c.stride());
    }

    @Override
    public void axpy(float alpha, Floats x, Floats y) {
        openblas.cblas_saxpy(x.length(), alpha, x.pointer(), 1, y.pointer(), 1);
    }

    @Override
    public String name() {
        return BlasLibrary.OPENBLAS.title();
    }
}

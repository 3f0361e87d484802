package org.coinflip.model.kernel;

import org.bytedeco.openblas.global.openblas;
import org.coinflip.model.memory.Matrix;

/** OpenBLAS: where MKL is not installed. */
final class OpenBlas implements Blas {
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
    public String name() {
        return "OpenBLAS 0.3.31";
    }
}

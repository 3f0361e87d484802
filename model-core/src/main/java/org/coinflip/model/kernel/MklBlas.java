package org.coinflip.model.kernel;

import org.bytedeco.mkl.global.mkl_rt;
import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * Intel MKL: the fastest on Intel's processors, and what PyTorch uses on x86. It is called as OpenBLAS is, but through a class of its own: JavaCPP has a class a library.
 */
final class MklBlas implements Blas {
    MklBlas(int threads) {
        try {
            OpenBlas.bind();
        } catch (LinkageError e) {
            // then no call can go astray
        }
        mkl_rt.MKL_Set_Num_Threads(threads);
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
        mkl_rt.cblas_sgemm(
                mkl_rt.CblasRowMajor,
                transposeA ? mkl_rt.CblasTrans : mkl_rt.CblasNoTrans,
                transposeB ? mkl_rt.CblasTrans : mkl_rt.CblasNoTrans,
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
        mkl_rt.cblas_saxpy(x.length(), alpha, x.pointer(), 1, y.pointer(), 1);
    }

    @Override
    public String name() {
        return BlasLibrary.MKL.title();
    }
}

package org.coinflip.model.kernel;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** Computes nothing and counts the products that it is asked for: what a step consists of, found without writing it down twice. */
public final class RecordingBlas implements Blas {
    private final Map<Product, Integer> counts = new LinkedHashMap<>();

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
        counts.merge(new Product(transposeA, transposeB, m, n, k, beta != 0), 1, Integer::sum);
    }

    @Override
    public void axpy(float alpha, Floats x, Floats y) {
        // no product
    }

    /** How often each product was asked for. */
    public Map<Product, Integer> counts() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }

    @Override
    public String name() {
        return "recording";
    }
}

package org.coinflip.bench;

import java.util.Locale;
import java.util.Map;
import org.coinflip.model.kernel.Product;
import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * The least that a step's matrix products can take on this machine: of each, the longer of its multiply-adds at the machine's rate, and of the bytes of
 * its operands and result at the rate at which a vector as long as the network's parameters is read and written. Both rates are measured, the best of
 * some turns.
 *
 * <p>Williams, Waterman, Patterson (2009), "Roofline: an insightful visual performance model for multicore architectures".
 *
 * @param multiplyAdds of a step
 * @param bytes read and written by a step's products
 * @param multiplyAddsPerSecond of a product of 768×768 matrices
 * @param bytesPerSecond of {@code y ← y + α x}
 * @param seconds the bound
 */
record Roofline(
        double multiplyAdds, double bytes, double multiplyAddsPerSecond, double bytesPerSecond, double seconds) {
    private static final int SIDE = 768;
    private static final int TURNS = 40;

    /**
     * Measures the rates.
     *
     * @param products of a step, and how often each is taken
     * @param parameters numbers that the network learns
     */
    static Roofline of(Map<Product, Integer> products, int parameters, Blas blas) {
        double perSecond = multiplyAddsPerSecond(blas);
        double bytesPerSecond = bytesPerSecond(blas, Math.max(1, parameters / 2));
        double multiplyAdds = 0;
        double bytes = 0;
        double seconds = 0;
        for (Map.Entry<Product, Integer> entry : products.entrySet()) {
            double done = entry.getKey().operations() / 2;
            double moved = bytes(entry.getKey());
            multiplyAdds += entry.getValue() * done;
            bytes += entry.getValue() * moved;
            seconds += entry.getValue() * Math.max(done / perSecond, moved / bytesPerSecond);
        }
        return new Roofline(multiplyAdds, bytes, perSecond, bytesPerSecond, seconds);
    }

    private static double bytes(Product p) {
        double numbers =
                (double) p.m() * p.k() + (double) p.k() * p.n() + (p.accumulates() ? 2.0 : 1.0) * p.m() * p.n();
        return Float.BYTES * numbers;
    }

    private static double multiplyAddsPerSecond(Blas blas) {
        Matrix a = ones();
        Matrix b = ones();
        Matrix c = ones();
        double least = Double.POSITIVE_INFINITY;
        for (int turn = 0; turn < TURNS; turn++) {
            long start = System.nanoTime();
            blas.gemm(false, false, SIDE, SIDE, SIDE, 1f, a, b, 0f, c);
            least = Math.min(least, (System.nanoTime() - start) / 1e9);
        }
        return (double) SIDE * SIDE * SIDE / least;
    }

    private static Matrix ones() {
        Matrix m = Matrix.padded(SIDE, SIDE);
        m.floats().fill(1f);
        return m;
    }

    /** Two vectors that together are as long as the parameters, so that they stay in the caches as far as these do. */
    private static double bytesPerSecond(Blas blas, int length) {
        Floats x = Floats.allocate(length);
        Floats y = Floats.allocate(length);
        x.fill(1f);
        y.fill(1f);
        int repeats = Math.max(1, 20_000_000 / length);
        double least = Double.POSITIVE_INFINITY;
        for (int turn = 0; turn < TURNS; turn++) {
            long start = System.nanoTime();
            for (int i = 0; i < repeats; i++) {
                blas.axpy(1e-9f, x, y);
            }
            least = Math.min(least, (System.nanoTime() - start) / 1e9 / repeats);
        }
        return 3.0 * Float.BYTES * length / least;
    }

    /** In a line, beside what a step takes. */
    String text(double stepSeconds) {
        return String.format(
                Locale.ROOT,
                "%.1f million multiply-adds at %.1f G/s, %.1f MB at %.1f GB/s: at least %.3f ms a step; it takes %.3f ms, %.0f %% of"
                        + " it the bound",
                multiplyAdds / 1e6,
                multiplyAddsPerSecond / 1e9,
                bytes / 1e6,
                bytesPerSecond / 1e9,
                1e3 * seconds,
                1e3 * stepSeconds,
                100 * seconds / stepSeconds);
    }
}

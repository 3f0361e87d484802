package org.coinflip.model.kernel;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.memory.Matrix;

/**
 * What a step's matrix products take with each of some libraries: the products alone, at their shapes, on operands that stay in the cache as
 * far as a step's do. The libraries are timed in turns, and a product's time is its least, which what else the machine does cannot shorten.
 */
public final class ProductTimes {
    /** All turns end after so long, but for the first of each product. */
    private static final long BUDGET_NANOS = 300_000_000;

    private static final long TURN_NANOS = 1_000_000;
    private static final int TURNS = 7;

    private final Map<Product, Integer> counts;
    private final Map<BlasLibrary, Map<Product, Double>> seconds = new EnumMap<>(BlasLibrary.class);

    private ProductTimes(Map<Product, Integer> counts) {
        this.counts = counts;
    }

    /**
     * Times products.
     *
     * @param counts how often a step takes each
     * @param libraries that load on this machine
     * @param threads native threads of a product
     */
    public static ProductTimes measure(Map<Product, Integer> counts, List<BlasLibrary> libraries, int threads) {
        ProductTimes times = new ProductTimes(counts);
        List<Blas> loaded = new ArrayList<>();
        for (BlasLibrary library : libraries) {
            times.seconds.put(library, new LinkedHashMap<>());
            loaded.add(library.open(threads));
        }
        long began = System.nanoTime();
        long each = BUDGET_NANOS / Math.max(1, counts.size());
        int done = 0;
        for (Product product : counts.keySet()) {
            Operands operands = new Operands(product);
            double[] least = operands.race(loaded, began + ++done * each);
            for (int i = 0; i < least.length; i++) {
                times.seconds.get(libraries.get(i)).put(product, least[i]);
            }
        }
        return times;
    }

    /** Seconds of all products of a step. */
    public double seconds(BlasLibrary library) {
        return counts.entrySet().stream()
                .mapToDouble(entry -> entry.getValue() * seconds.get(library).get(entry.getKey()))
                .sum();
    }

    /** Seconds of one product. */
    public double seconds(BlasLibrary library, Product product) {
        return seconds.get(library).get(product);
    }

    /** 10⁹ multiplications and additions a second, over all products of a step. */
    public double gigaflops(BlasLibrary library) {
        double operations = counts.entrySet().stream()
                .mapToDouble(entry -> entry.getValue() * entry.getKey().operations())
                .sum();
        return operations / seconds(library) / 1e9;
    }

    /** The libraries that were timed. */
    public List<BlasLibrary> libraries() {
        return List.copyOf(seconds.keySet());
    }

    /** Matrices of a product's shape, with numbers of the size that units and weights have. */
    private static final class Operands {
        private final Product product;
        private final Matrix a;
        private final Matrix b;
        private final Matrix c;

        Operands(Product product) {
            this.product = product;
            a = product.transposeA() ? filled(product.k(), product.m()) : filled(product.m(), product.k());
            b = product.transposeB() ? filled(product.n(), product.k()) : filled(product.k(), product.n());
            c = filled(product.m(), product.n());
        }

        private static Matrix filled(int rows, int columns) {
            Matrix matrix = Matrix.padded(rows, columns);
            float[] row = new float[columns];
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < columns; j++) {
                    row[j] = ((r * 31 + j * 17) % 13 - 6) / 64f;
                }
                matrix.setRow(r, row, 0);
            }
            return matrix;
        }

        /** The least seconds of each library's product. */
        double[] race(List<Blas> libraries, long end) {
            double[] least = new double[libraries.size()];
            int[] repeats = new int[libraries.size()];
            for (int i = 0; i < least.length; i++) {
                // the first call starts what a library has to start
                run(libraries.get(i), 1);
                least[i] = run(libraries.get(i), 1);
                repeats[i] = (int) Math.max(1, Math.min(10_000, TURN_NANOS / (least[i] * 1e9)));
            }
            for (int turn = 0; turn < TURNS && System.nanoTime() < end; turn++) {
                for (int i = 0; i < least.length; i++) {
                    least[i] = Math.min(least[i], run(libraries.get(i), repeats[i]));
                }
            }
            return least;
        }

        private double run(Blas blas, int repeats) {
            long start = System.nanoTime();
            for (int i = 0; i < repeats; i++) {
                blas.gemm(
                        product.transposeA(),
                        product.transposeB(),
                        product.m(),
                        product.n(),
                        product.k(),
                        0x1p-10f,
                        a,
                        b,
                        product.accumulates() ? 0.5f : 0f,
                        c);
            }
            return (System.nanoTime() - start) / 1e9 / repeats;
        }
    }
}

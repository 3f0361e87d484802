package org.coinflip.model.kernel;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which kernels all machines of a training use. Chosen once, on the driver; executors are told.
 *
 * <p>Where {@link Backend#BLAS_PROPERTY} does not say which, the libraries that load are timed on the training's own products. The
 * one that is usually the fastest is taken, MKL on Intel's processors and OpenBLAS on others', unless another is half as fast again: so that noise
 * does not decide, and the same machine gives the same bits tomorrow. Where none loads, the own products are taken. What was measured is remembered for as long as the JVM runs: the same products get the same library.
 *
 * @param arithmetic of all that is computed
 * @param blas matrix products
 * @param rates what was measured, for people; empty where nothing was
 */
public record KernelChoice(Arithmetic arithmetic, BlasLibrary blas, String rates) implements Serializable {
    /** The one choice that gives the same bits everywhere. */
    public static final KernelChoice PORTABLE = new KernelChoice(Arithmetic.PORTABLE, BlasLibrary.PORTABLE, "");

    private static final long serialVersionUID = 1L;
    /** Times as long as the fastest that the usual library may take: less, and noise would decide from process to process. */
    private static final double ALIKE = 1.5;

    private static final Map<Map<Product, Integer>, ProductTimes> MEASURED = new ConcurrentHashMap<>();

    /** Products of a training that is not known: a step with 200 units, batch 32. */
    public static final Map<Product, Integer> USUAL = Map.of(
            new Product(false, false, 32, 200, 784, false), 1,
            new Product(false, true, 32, 200, 200, false), 1,
            new Product(true, false, 784, 200, 32, true), 1);

    /**
     * The choice for a training.
     *
     * @param products how often a step takes each; asked for only where it decides
     */
    public static KernelChoice of(Arithmetic arithmetic, Supplier<Map<Product, Integer>> products) {
        if (arithmetic == Arithmetic.PORTABLE) {
            return PORTABLE;
        }
        String named = System.getProperty(Backend.BLAS_PROPERTY, "auto");
        if (!named.equals("auto")) {
            return new KernelChoice(arithmetic, BlasLibrary.of(named), "");
        }
        // own kernels are no match for a library that loads, and Java would first have to compile them
        List<BlasLibrary> loading = (Processor.isIntels()
                        ? Stream.of(BlasLibrary.MKL, BlasLibrary.OPENBLAS)
                        : Stream.of(BlasLibrary.OPENBLAS, BlasLibrary.MKL))
                .filter(BlasLibrary::loads)
                .toList();
        if (loading.isEmpty()) {
            return new KernelChoice(arithmetic, BlasLibrary.PORTABLE, "");
        }
        return loading.size() == 1
                ? new KernelChoice(arithmetic, loading.get(0), "")
                : fastest(
                        arithmetic,
                        loading,
                        MEASURED.computeIfAbsent(products.get(), p -> ProductTimes.measure(p, loading, 1)));
    }

    /** The choice for a computation of which nothing is known. */
    public static KernelChoice usual(Arithmetic arithmetic) {
        return of(arithmetic, () -> USUAL);
    }

    /**
     * The choice for a training that goes on: the library that it was computed with, unless this machine lacks it or
     * {@link Backend#BLAS_PROPERTY} names another.
     *
     * @param backend the name of the kernels that it was computed with
     */
    public static KernelChoice goingOn(
            Arithmetic arithmetic, String backend, Supplier<Map<Product, Integer>> products) {
        if (arithmetic == Arithmetic.PORTABLE) {
            return PORTABLE;
        }
        Optional<BlasLibrary> recorded = BlasLibrary.in(backend).filter(BlasLibrary::loads);
        boolean asked = !System.getProperty(Backend.BLAS_PROPERTY, "auto").equals("auto");
        return recorded.isEmpty() || asked
                ? of(arithmetic, products)
                : new KernelChoice(arithmetic, recorded.get(), "");
    }

    /**
     * What the bits of this machine's results depend on, in words that machines compare: the library, and how it rounds here. Own kernels
     * round alike everywhere.
     */
    public String rounding() {
        return arithmetic == Arithmetic.PORTABLE
                ? "portable arithmetic"
                : blas.title() + (blas == BlasLibrary.PORTABLE ? "" : ", rounding " + blas.rounding());
    }

    private static KernelChoice fastest(Arithmetic arithmetic, List<BlasLibrary> usualFirst, ProductTimes times) {
        double least =
                times.libraries().stream().mapToDouble(times::seconds).min().orElseThrow();
        BlasLibrary chosen = usualFirst.stream()
                .filter(library -> times.seconds(library) <= ALIKE * least)
                .findFirst()
                .orElseThrow();
        String rates = times.libraries().stream()
                .map(library -> String.format(Locale.ROOT, "%s %.0f", library.title(), times.gigaflops(library)))
                .collect(Collectors.joining(", ", "", " GFLOP/s"));
        return new KernelChoice(arithmetic, chosen, rates);
    }
}

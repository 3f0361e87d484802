package org.coinflip.model.kernel;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.operation.Blas;

/** The matrix libraries that there may be. */
public enum BlasLibrary {
    /** Intel's. */
    MKL("MKL 2025.3") {
        @Override
        Blas load(int threads) {
            return new MklBlas(threads);
        }
    },
    /** The open one. */
    OPENBLAS("OpenBLAS 0.3.31") {
        @Override
        Blas load(int threads) {
            return new OpenBlas(threads);
        }
    },
    /** This project's own kernels: the same bits everywhere, in one thread a product. */
    PORTABLE("portable products") {
        @Override
        Blas load(int threads) {
            return Backend.areVector() ? new VectorBlas() : new ScalarBlas();
        }
    };

    private final String title;

    BlasLibrary(String title) {
        this.title = title;
    }

    abstract Blas load(int threads);

    /** Its name and version, for people. */
    public String title() {
        return title;
    }

    /** What {@link Backend#BLAS_PROPERTY} calls it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The library, loaded.
     *
     * @param threads native threads of a product
     * @throws UsageException where this machine does not have it
     */
    public Blas open(int threads) {
        try {
            return load(threads);
        } catch (LinkageError e) {
            throw new UsageException(
                    Backend.BLAS_PROPERTY + ": got " + key() + ", which does not load on this machine ("
                            + firstLine(e) + "), expected a library that does: "
                            + Arrays.stream(values())
                                    .filter(BlasLibrary::loads)
                                    .map(BlasLibrary::key)
                                    .collect(Collectors.joining(" or ")),
                    e);
        }
    }

    /** Whether this machine has it. */
    public boolean loads() {
        try {
            load(1);
            return true;
        } catch (LinkageError e) {
            return false;
        }
    }

    /** The library of this key. */
    public static BlasLibrary of(String key) {
        return Arrays.stream(values())
                .filter(library -> library.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new UsageException(Backend.BLAS_PROPERTY + ": got " + key
                        + ", expected one of auto, "
                        + Arrays.stream(values()).map(BlasLibrary::key).collect(Collectors.joining(", "))));
    }

    /** The library that the name of a {@link Backend} begins with; none where this version has no such one. */
    public static Optional<BlasLibrary> in(String backend) {
        return Arrays.stream(values())
                .filter(library -> backend.startsWith(library.title.split(" ")[0]))
                .findFirst();
    }

    /**
     * How the library rounds on this machine: a checksum of some products' bits. Two machines that differ in it give other last bits.
     *
     * @throws UsageException where this machine does not have it
     */
    String rounding() {
        return Rounding.of(this);
    }

    private static String firstLine(Throwable e) {
        return e.toString().lines().findFirst().orElse("");
    }
}

package org.coinflip.model.kernel;

import java.util.Locale;
import java.util.Optional;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.kernel.operation.Elementwise;
import org.coinflip.model.kernel.operation.FeatureMaps;
import org.coinflip.model.kernel.operation.Gathering;
import org.coinflip.model.kernel.operation.Gating;
import org.coinflip.model.kernel.operation.Losses;
import org.coinflip.model.kernel.operation.Normalising;
import org.coinflip.model.kernel.operation.RecurrentCells;
import org.coinflip.model.kernel.operation.Sampling;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.kernel.operation.UnitGradients;
import org.coinflip.model.kernel.operation.Updating;
import org.coinflip.model.kernel.scalar.ScalarElementwise;
import org.coinflip.model.kernel.scalar.ScalarFeatureMaps;
import org.coinflip.model.kernel.scalar.ScalarGathering;
import org.coinflip.model.kernel.scalar.ScalarGating;
import org.coinflip.model.kernel.scalar.ScalarLosses;
import org.coinflip.model.kernel.scalar.ScalarNormalising;
import org.coinflip.model.kernel.scalar.ScalarRecurrentCells;
import org.coinflip.model.kernel.scalar.ScalarSampling;
import org.coinflip.model.kernel.scalar.ScalarUnitGradients;
import org.coinflip.model.kernel.scalar.ScalarUpdating;
import org.coinflip.model.kernel.vector.VectorElementwise;
import org.coinflip.model.kernel.vector.VectorFeatureMaps;
import org.coinflip.model.kernel.vector.VectorGathering;
import org.coinflip.model.kernel.vector.VectorGating;
import org.coinflip.model.kernel.vector.VectorLosses;
import org.coinflip.model.kernel.vector.VectorMath;
import org.coinflip.model.kernel.vector.VectorNormalising;
import org.coinflip.model.kernel.vector.VectorRecurrentCells;
import org.coinflip.model.kernel.vector.VectorSampling;
import org.coinflip.model.kernel.vector.VectorUnitGradients;
import org.coinflip.model.kernel.vector.VectorUpdating;
import org.coinflip.model.memory.Floats;
import org.slf4j.LoggerFactory;

/**
 * The kernels that a machine offers. Scalar and vector kernels give the same bits; two BLAS libraries, or one library on two kinds
 * of processor, need not.
 *
 * @param blas matrix products
 * @param elementwise kernels without noise
 * @param unitGradients kernels of stochastic units and their estimators
 * @param losses kernels of losses and priors
 * @param sampling kernels with noise
 * @param updating kernels of the updaters
 * @param gating kernels of gated experts
 * @param maps kernels on maps of features
 * @param cells kernels of recurrent cells
 * @param gathering kernels of trees of experts
 * @param normalising kernels of layers that normalise
 * @param name what these are, for reports
 */
public record Backend(
        Blas blas,
        Elementwise elementwise,
        UnitGradients unitGradients,
        Losses losses,
        Sampling sampling,
        Updating updating,
        Gating gating,
        FeatureMaps maps,
        RecurrentCells cells,
        Gathering gathering,
        Normalising normalising,
        String name) {
    /** System property that names the BLAS: one of {@link BlasLibrary}, or {@code auto}: the fastest, see {@link KernelChoice}. */
    public static final String BLAS_PROPERTY = "coinflip.blas";

    /**
     * System property that names the kernels: {@code vector}, {@code scalar}, or {@code auto}: vector where the module is there and the
     * processor fuses multiply-adds.
     */
    public static final String KERNELS_PROPERTY = "coinflip.kernels";

    /** The kernels for a computation of which nothing is known, one native thread a product. */
    public static Backend detect() {
        return of(KernelChoice.usual(Arithmetic.FAST));
    }

    /** The kernels of a choice, one native thread a product. */
    public static Backend of(KernelChoice choice) {
        return of(choice, 1);
    }

    /** The kernels of a choice, with the given number of native threads a product. */
    public static Backend of(KernelChoice choice, int threads) {
        // the logger is named here alone: who scores without SLF4J does not come by
        lack().ifPresent(LoggerFactory.getLogger(Backend.class)::warn);
        return around(choice.blas().open(threads));
    }

    /** This machine's kernels with the given matrix products. */
    public static Backend around(Blas blas) {
        return areVector() ? vector(blas) : scalar(blas);
    }

    /**
     * Kernels for one row, or a few, of the bits of portable arithmetic.
     *
     * @param state the weights of all products' second matrices, not to be modified any more
     */
    public static Backend ofFewRows(Floats state) {
        return around(RowBlas.suits(state) ? new RowBlas() : new ScalarBlas());
    }

    /** The updaters' kernels alone, for who multiplies no matrices. */
    public static Updating updatingKernels() {
        return areVector() ? new VectorUpdating() : new ScalarUpdating();
    }

    static boolean areVector() {
        String kernels = System.getProperty(KERNELS_PROPERTY, "auto");
        return switch (kernels) {
            case "vector" -> true;
            case "scalar" -> false;
            case "auto" -> offersVectors();
            default -> throw new UsageException(
                    KERNELS_PROPERTY + ": got " + kernels + ", expected one of auto, vector, scalar");
        };
    }

    private static boolean offersVectors() {
        return hasModule() && ScalarMath.hasFma();
    }

    private static boolean hasModule() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /** What this JVM lacks for vector kernels, and what to do; nothing where it has all, or was told which to use. */
    static Optional<String> lack() {
        if (!System.getProperty(KERNELS_PROPERTY, "auto").equals("auto") || offersVectors()) {
            return Optional.empty();
        }
        return Optional.of(
                hasModule()
                        ? "This JVM has no fused multiply-add of vectors (UseFMA is off, or the processor older than 2013):"
                                + " kernels are scalar, of the same bits"
                        : "The Vector API is missing, kernels are scalar and slow: run Java with"
                                + " --add-modules=jdk.incubator.vector");
    }

    /** Vector kernels with the given BLAS. */
    public static Backend vector(Blas blas) {
        return new Backend(
                blas,
                new VectorElementwise(),
                new VectorUnitGradients(),
                new VectorLosses(),
                new VectorSampling(),
                new VectorUpdating(),
                new VectorGating(),
                new VectorFeatureMaps(),
                new VectorRecurrentCells(),
                new VectorGathering(),
                new VectorNormalising(),
                String.format(Locale.ROOT, "%s, vector kernels of %d floats", blas.name(), VectorMath.LANES));
    }

    /** Scalar kernels with the given BLAS. */
    public static Backend scalar(Blas blas) {
        return new Backend(
                blas,
                new ScalarElementwise(),
                new ScalarUnitGradients(),
                new ScalarLosses(),
                new ScalarSampling(),
                new ScalarUpdating(),
                new ScalarGating(),
                new ScalarFeatureMaps(),
                new ScalarRecurrentCells(),
                new ScalarGathering(),
                new ScalarNormalising(),
                blas.name() + ", scalar kernels");
    }

    /** These kernels with other matrix products. */
    public Backend with(Blas products) {
        return new Backend(
                products,
                elementwise,
                unitGradients,
                losses,
                sampling,
                updating,
                gating,
                maps,
                cells,
                gathering,
                normalising,
                name);
    }
}

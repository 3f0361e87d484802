package org.coinflip.spark.preflight;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.coinflip.model.kernel.BlasLibrary;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.kernel.ProductTimes;

/**
 * Whether the environment forces a matrix library to kernels that are not the processor's best. What they cost is measured against a process
 * of its own, in which the variables are not set: libraries read them once, when they are loaded.
 */
final class ForcedKernels {
    private static final Map<BlasLibrary, List<String>> VARIABLES = Map.of(
            BlasLibrary.OPENBLAS, List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"),
            BlasLibrary.MKL, List.of("MKL_CBWR", "MKL_ENABLE_INSTRUCTIONS", "MKL_DEBUG_CPU_TYPE"),
            BlasLibrary.PORTABLE, List.of());

    private static final int WAIT_SECONDS = 10;
    private static final Map<BlasLibrary, Optional<ForcedKernels>> FOUND = new ConcurrentHashMap<>();

    private final Map<String, String> set;
    private final double forced;
    private final double free;

    private ForcedKernels(Map<String, String> set, double forced, double free) {
        this.set = set;
        this.forced = forced;
        this.free = free;
    }

    /** What this process's environment forces on a library; empty where nothing. Measured once in a process. */
    static Optional<ForcedKernels> of(BlasLibrary library) {
        return FOUND.computeIfAbsent(library, asked -> look(asked, System.getenv()));
    }

    static Optional<ForcedKernels> look(BlasLibrary library, Map<String, String> environment) {
        Map<String, String> set = new TreeMap<>(environment);
        set.keySet().retainAll(VARIABLES.get(library));
        return set.isEmpty()
                ? Optional.empty()
                : Optional.of(new ForcedKernels(set, rate(library), rateWithout(library, set)));
    }

    /** Part of the library's rate that the variables cost; NaN where that cannot be measured. */
    double cost() {
        return 1 - forced / free;
    }

    /** The variables as they are set. */
    @Override
    public String toString() {
        return set.toString().replaceAll("[{}]", "");
    }

    private static double rate(BlasLibrary library) {
        return ProductTimes.measure(KernelChoice.USUAL, List.of(library), 1).gigaflops(library);
    }

    private static double rateWithout(BlasLibrary library, Map<String, String> set) {
        String java = ProcessHandle.current().info().command().orElse("java");
        ProcessBuilder builder = new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        ForcedKernels.class.getName(),
                        library.key())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeAll(set.keySet());
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Double.NaN;
            }
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0 ? Double.parseDouble(printed.strip()) : Double.NaN;
        } catch (IOException | NumberFormatException e) {
            return Double.NaN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Double.NaN;
        }
    }

    /** Prints a library's rate, GFLOP/s. */
    public static void main(String[] arguments) {
        System.out.println(rate(BlasLibrary.of(arguments[0])));
    }
}

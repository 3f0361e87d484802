package org.coinflip.spark.preflight;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.HotSpot;

/**
 * What an executor says of itself.
 *
 * @param executor Spark's name for it
 * @param processors that Java sees
 * @param heapBytes the most that its heap may take
 * @param directBytes the most that Java gives outside the heap: as much, or {@code -XX:MaxDirectMemorySize}
 * @param nativeThreads OMP_NUM_THREADS; empty where it is not set
 * @param kernels the matrix library and the kernels; why there are none where the training's do not load
 * @param rounding what its bits depend on
 * @param able whether they load
 * @param forced what its environment forces on the library at a cost, in words; empty where nothing
 */
record ExecutorFacts(
        String executor,
        int processors,
        long heapBytes,
        long directBytes,
        String nativeThreads,
        String kernels,
        String rounding,
        boolean able,
        String forced)
        implements Serializable {
    /** Part of a library's rate that what is forced may cost in silence. */
    private static final double COST_TOLERATED = 0.1;

    /** Asks by a job of a task for each slot; who gets no task is not heard. */
    static List<ExecutorFacts> ask(JavaSparkContext spark, int slots, KernelChoice kernels) {
        List<Integer> tasks = IntStream.range(0, slots).boxed().toList();
        return spark.parallelize(tasks, slots).map(task -> here(kernels)).collect().stream()
                .distinct()
                .sorted(Comparator.comparing(ExecutorFacts::executor))
                .toList();
    }

    private static ExecutorFacts here(KernelChoice kernels) {
        String name;
        boolean able = true;
        try {
            name = Backend.of(kernels).name();
        } catch (UsageException e) {
            name = e.getMessage();
            able = false;
        }
        return new ExecutorFacts(
                SparkEnv.get().executorId(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().maxMemory(),
                mostDirectBytes(),
                System.getenv().getOrDefault("OMP_NUM_THREADS", ""),
                name,
                able ? kernels.rounding() : "",
                able,
                able ? forced(kernels) : "");
    }

    private static String forced(KernelChoice kernels) {
        return ForcedKernels.of(kernels.blas())
                .filter(forced -> !(forced.cost() <= COST_TOLERATED))
                .map(forced -> Double.isNaN(forced.cost())
                        ? forced + " is set, at a cost that cannot be measured"
                        : String.format(Locale.ROOT, "%s costs %.0f %% of its rate", forced, 100 * forced.cost()))
                .orElse("");
    }

    private static long mostDirectBytes() {
        long set = HotSpot.option("MaxDirectMemorySize").map(Long::parseLong).orElse(0L);
        return set > 0 ? set : Runtime.getRuntime().maxMemory();
    }
}

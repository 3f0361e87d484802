package org.coinflip.spark.preflight;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.model.kernel.Backend;

/**
 * What an executor says of itself.
 *
 * @param executor Spark's name for it
 * @param processors that Java sees
 * @param heapBytes the most that its heap may take
 * @param directBytes the most that Java gives outside the heap: as much, or {@code -XX:MaxDirectMemorySize}
 * @param nativeThreads OMP_NUM_THREADS; empty where it is not set
 * @param kernels the matrix library and the kernels
 */
record ExecutorFacts(
        String executor, int processors, long heapBytes, long directBytes, String nativeThreads, String kernels)
        implements Serializable {
    /** Asks by a job of a task for each slot; who gets no task is not heard. */
    static List<ExecutorFacts> ask(JavaSparkContext spark, int slots) {
        List<Integer> tasks = IntStream.range(0, slots).boxed().toList();
        return spark
                .parallelize(tasks, slots)
                .map(task -> new ExecutorFacts(
                        SparkEnv.get().executorId(),
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.getRuntime().maxMemory(),
                        mostDirectBytes(),
                        System.getenv().getOrDefault("OMP_NUM_THREADS", ""),
                        Backend.detect().name()))
                .collect()
                .stream()
                .distinct()
                .sorted(Comparator.comparing(ExecutorFacts::executor))
                .toList();
    }

    private static long mostDirectBytes() {
        long set = Long.parseLong(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxDirectMemorySize")
                .getValue());
        return set > 0 ? set : Runtime.getRuntime().maxMemory();
    }
}

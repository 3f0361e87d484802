package org.coinflip.spark.preflight;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.network.util.JavaUtils;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.preflight.Finding.Weight;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks, before a training spends time, whether cluster and settings are what it wants. Takes a job of a task for each slot. */
public final class Preflight {
    private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);
    private static final double IDLE_TOLERATED = 0.1;

    private final SparkConf conf;
    private final String master;
    private final Demand demand;

    Preflight(SparkConf conf, String master, Demand demand) {
        this.conf = conf;
        this.master = master;
        this.demand = demand;
    }

    /** All findings. */
    public static List<Finding> look(JavaSparkContext spark, Demand demand) {
        Slots.await(spark);
        int slots = Slots.of(spark);
        List<ExecutorFacts> executors = ExecutorFacts.ask(spark, slots, demand.kernels());
        return new Preflight(spark.getConf(), spark.master(), demand).look(slots, asked(spark), executors);
    }

    private static int asked(JavaSparkContext spark) {
        return Slots.asked(spark.getConf(), spark.master());
    }

    /**
     * Prints what is not as it should be, and logs the rest.
     *
     * @throws UsageException where the training would fail
     */
    public static void require(JavaSparkContext spark, Demand demand) {
        List<Finding> findings = look(spark, demand);
        for (Finding finding : findings) {
            if (finding.weight() == Weight.WARNING) {
                System.err.println(finding);
            }
            LOG.info("{}", finding);
        }
        refuse(findings);
    }

    /**
     * Refuses what would fail.
     *
     * @throws UsageException with the lines of all errors that were found
     */
    public static void refuse(List<Finding> findings) {
        String errors = findings.stream()
                .filter(finding -> finding.weight() == Weight.ERROR)
                .map(Finding::line)
                .collect(Collectors.joining("; "));
        if (!errors.isEmpty()) {
            throw new UsageException(errors);
        }
    }

    /**
     * @param slots that there are
     * @param asked slots that settings ask for
     */
    List<Finding> look(int slots, int asked, List<ExecutorFacts> executors) {
        List<Finding> findings = new ArrayList<>();
        if (!master.matches("local(\\[.*)?")) {
            // one process for one user: its slots are the machine's, and the kernels keep their threads to one
            // themselves
            findings.add(slots(slots, asked));
            findings.add(threads(executors));
        }
        findings.add(memory(slots, executors));
        Finding kernels = kernels(executors);
        findings.add(kernels.weight() == Weight.GOOD ? forced(executors).orElse(kernels) : kernels);
        findings.addAll(settings());
        return findings;
    }

    private Finding slots(int slots, int asked) {
        String seen = "slots: got " + slots + " for " + demand.workers() + " workers";
        if (slots < asked) {
            return Finding.warning(seen + ", expected the " + asked
                    + " that settings ask for: tasks are cut for those that are there; give the cluster more or ask for"
                    + " fewer by spark.cores.max or spark.executor.instances");
        }
        int waves = demand.workersPerTask(slots);
        double idle = 1 - demand.workers() / (double) (waves * slots);
        return idle <= IDLE_TOLERATED
                ? Finding.good(seen)
                : Finding.warning(String.format(
                        java.util.Locale.ROOT,
                        "%s, %.0f %% of them idle: ask for slots that divide the workers, or change averaging.workers,"
                                + " which changes the experiment",
                        seen,
                        100 * idle));
    }

    private Finding threads(List<ExecutorFacts> executors) {
        int cpus = conf.getInt("spark.task.cpus", 1);
        String set = executors.stream()
                .map(ExecutorFacts::nativeThreads)
                .distinct()
                .map(threads -> threads.isEmpty() ? "unset" : threads)
                .collect(Collectors.joining(", "));
        boolean good = set.matches("\\d{1,4}") && Integer.parseInt(set) <= cpus;
        return good
                ? Finding.good("native threads: OMP_NUM_THREADS is " + set + " for tasks of " + cpus + " cpus")
                : Finding.warning(
                        "native threads: got OMP_NUM_THREADS " + set + ", expected " + cpus
                                + " as spark.task.cpus says: set spark.executorEnv.OMP_NUM_THREADS, with local masters the variable");
    }

    private Finding memory(int slots, List<ExecutorFacts> executors) {
        int count = Math.max(1, executors.size());
        int tasks = (slots + count - 1) / count;
        long wanted = demand.executorBytes(tasks, slots);
        String seen = "memory: an executor of " + tasks + " tasks wants " + (wanted >> 20) + " MB outside the heap";
        long direct = least(executors, ExecutorFacts::directBytes);
        if (wanted > direct) {
            return Finding.error(seen + ", expected at most the " + (direct >> 20)
                    + " MB that Java gives: raise spark.executor.memory, with local masters DRIVER_MEMORY, or"
                    + " -XX:MaxDirectMemorySize in their Java options, or take fewer cores an executor");
        }
        long overhead = overheadBytes(least(executors, ExecutorFacts::heapBytes));
        return isContained() && wanted > overhead
                ? Finding.warning(seen + ", expected at most the overhead's " + (overhead >> 20)
                        + " MB, beyond which it is killed: raise spark.executor.memoryOverhead")
                : Finding.good(seen);
    }

    private static long least(List<ExecutorFacts> executors, ToLongFunction<ExecutorFacts> fact) {
        return executors.stream().mapToLong(fact).min().orElse(Long.MAX_VALUE);
    }

    private boolean isContained() {
        return master.equals("yarn") || master.startsWith("k8s://");
    }

    private long overheadBytes(long heap) {
        String set = conf.get("spark.executor.memoryOverhead", "");
        double factor = conf.getDouble("spark.executor.memoryOverheadFactor", 0.1);
        return set.isEmpty() ? Math.max(384L << 20, (long) (factor * heap)) : JavaUtils.byteStringAsMb(set) << 20;
    }

    private Finding kernels(List<ExecutorFacts> executors) {
        for (ExecutorFacts facts : executors) {
            if (!facts.able()) {
                return Finding.error("kernels: executor " + facts.executor() + " lacks the driver's library: "
                        + facts.kernels() + "; or set it alike everywhere by spark.driver and spark.executor"
                        + ".extraJavaOptions");
            }
        }
        String own = demand.kernels().rounding();
        for (ExecutorFacts facts : executors) {
            if (!facts.rounding().equals(own)) {
                return Finding.warning("kernels: executor " + facts.executor() + " has " + facts.rounding()
                        + ", the driver " + own + ": last bits depend on who computes; take processors and libraries"
                        + " that are alike, or arithmetic = portable");
            }
        }
        TreeSet<String> names = new TreeSet<>();
        executors.forEach(facts -> names.add(facts.kernels()));
        String name = String.join(" and ", names);
        return name.contains("scalar")
                ? Finding.warning(
                        "kernels: got " + name
                                + ", expected vector: add --add-modules=jdk.incubator.vector to spark.executor.extraJavaOptions")
                : Finding.good("kernels: " + name);
    }

    /** What the environment of an executor forces on the library at a cost. */
    private static Optional<Finding> forced(List<ExecutorFacts> executors) {
        return executors.stream()
                .filter(facts -> !facts.forced().isEmpty())
                .findFirst()
                .map(facts -> Finding.warning("kernels: on executor " + facts.executor() + " " + facts.forced()
                        + ", expected the processor's own: unset it there, unless bits of another machine are wanted"));
    }

    private List<Finding> settings() {
        List<Finding> findings = new ArrayList<>();
        SparkSettings.wrong(conf).forEach(line -> findings.add(Finding.error(line)));
        if (conf.getInt("spark.task.maxFailures", 4) < 2) {
            findings.add(Finding.warning("spark.task.maxFailures: got "
                    + conf.get("spark.task.maxFailures")
                    + ", expected 2 or more: one lost executor ends the training"));
        }
        if (conf.getBoolean("spark.dynamicAllocation.enabled", false)
                && conf.getInt("spark.dynamicAllocation.minExecutors", 0) < 1) {
            findings.add(
                    Finding.warning("spark.dynamicAllocation: got no minExecutors, expected those that the training is"
                            + " cut for: executors that are given back take the examples in their memory along"));
        }
        if (conf.getBoolean("spark.speculation", false)) {
            findings.add(Finding.warning(
                    "spark.speculation: got true, expected false: rounds wait for workers that are alike,"
                            + " and copies take slots from others; the result is the same"));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.good("settings of Spark: nothing in the way"));
        }
        return findings;
    }
}

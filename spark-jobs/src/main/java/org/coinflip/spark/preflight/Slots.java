package org.coinflip.spark.preflight;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Tasks that a cluster runs at once: what its executors have, now, never what settings ask for, which a cluster need not have, nor {@code
 * spark.default.parallelism}, which says in how many parts data are cut. Executors come one after another when a job begins: {@link #await}
 * gives them some seconds, so that a training is not cut for the first of them.
 */
public final class Slots {
    private static final Pattern LOCAL_CLUSTER = Pattern.compile("local-cluster\\[ *(\\d+) *, *(\\d+) *, *\\d+ *]");
    private static final long LOOK_MILLIS = 50;
    /** How long after the last executor that came another may come, where settings ask for more. */
    private static final long MORE_ASKED_NANOS = 5_000_000_000L;
    /** The same where settings leave it to the cluster. */
    private static final long MAYBE_MORE_NANOS = 1_000_000_000L;

    private Slots() {}

    /** Slots that there are; where executors come as there are tasks for them, those that were asked for if more. */
    public static int of(JavaSparkContext spark) {
        int there = Math.max(1, registered(spark));
        return isDynamic(spark.getConf()) ? Math.max(there, asked(spark.getConf(), spark.master())) : there;
    }

    /** Slots of the executors that have registered. */
    public static int registered(JavaSparkContext spark) {
        return spark.sc()
                .maxNumConcurrentTasks(spark.sc().resourceProfileManager().defaultResourceProfile());
    }

    /** Executors that have registered; the driver is one where it runs tasks itself. */
    public static int executors(JavaSparkContext spark) {
        int processes = spark.sc().getExecutorMemoryStatus().size();
        return isLocal(spark) ? processes : Math.max(1, processes - 1);
    }

    /** Waits until as many slots are there as were asked for, or no more have come for a while. */
    public static void await(JavaSparkContext spark) {
        if (isLocal(spark)) {
            return;
        }
        int asked = asked(spark.getConf(), spark.master());
        long patience = asked == 0 ? MAYBE_MORE_NANOS : MORE_ASKED_NANOS;
        int there = registered(spark);
        long last = System.nanoTime();
        while ((asked == 0 || there < asked) && System.nanoTime() - last < patience) {
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            int now = registered(spark);
            if (now > there) {
                last = System.nanoTime();
            }
            there = now;
        }
    }

    private static boolean isLocal(JavaSparkContext spark) {
        return spark.isLocal() && !spark.master().startsWith("local-cluster");
    }

    private static boolean isDynamic(SparkConf conf) {
        return conf.getBoolean("spark.dynamicAllocation.enabled", false);
    }

    /** Slots that the settings ask for; 0 where they leave that to the cluster. */
    static int asked(SparkConf conf, String master) {
        int cpus = conf.getInt("spark.task.cpus", 1);
        Matcher cluster = LOCAL_CLUSTER.matcher(master);
        if (cluster.matches()) {
            return Integer.parseInt(cluster.group(1)) * (Integer.parseInt(cluster.group(2)) / cpus);
        }
        int perExecutor = conf.getInt("spark.executor.cores", 1) / cpus;
        int byExecutors = conf.getInt("spark.executor.instances", 0) * perExecutor;
        return Math.max(byExecutors, conf.getInt("spark.cores.max", 0) / cpus);
    }
}

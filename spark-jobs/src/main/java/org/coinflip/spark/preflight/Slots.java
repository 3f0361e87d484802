package org.coinflip.spark.preflight;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Tasks that a cluster runs at once. Spark's {@code defaultParallelism} is 2 where executors have not yet registered, and never less on a
 * cluster: a training cut for 2 slots would leave all others idle to its end. So what was asked for counts, or what is there if more.
 */
public final class Slots {
    private static final Pattern LOCAL_CLUSTER = Pattern.compile("local-cluster\\[ *(\\d+) *, *(\\d+) *, *\\d+ *]");

    private Slots() {}

    /** Slots that are there or have been asked for. */
    public static int of(JavaSparkContext spark) {
        if (spark.isLocal() && !spark.master().startsWith("local-cluster")) {
            return spark.defaultParallelism();
        }
        int asked = asked(spark.getConf(), spark.master());
        int there = registered(spark);
        return Math.max(there, asked) > 0 ? Math.max(there, asked) : spark.defaultParallelism();
    }

    /** Slots of the executors that have registered. */
    public static int registered(JavaSparkContext spark) {
        return spark.sc()
                .maxNumConcurrentTasks(spark.sc().resourceProfileManager().defaultResourceProfile());
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

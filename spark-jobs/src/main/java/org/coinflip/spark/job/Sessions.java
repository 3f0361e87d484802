package org.coinflip.spark.job;

import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.coinflip.spark.output.Reason;
import org.coinflip.spark.preflight.Slots;
import org.coinflip.spark.preflight.SparkSettings;

/** How jobs start Spark: what spark-submit was told wins over what is here. */
final class Sessions {
    private Sessions() {}

    /** Whether tasks run in this process, which is there. */
    private static boolean isLocal(String url) {
        return url.equals("local") || url.startsWith("local[");
    }

    /**
     * Starts Spark and sees a first task through, so that what the cluster does not give is known before anything is done.
     *
     * @param master that was asked for, or null
     * @param ofJob what the job wants where spark-submit was told nothing
     * @param waiting says what is waited for, and when it has been enough
     */
    static SparkSession start(String name, String master, Map<String, String> ofJob, Waiting waiting) {
        SparkConf conf = new SparkConf().setAppName(name);
        if (master != null) {
            conf.setMaster(master);
        } else if (!conf.contains("spark.master")) {
            String fromEnvironment = System.getenv("SPARK_MASTER");
            conf.setMaster(fromEnvironment == null || fromEnvironment.isBlank() ? "local[*]" : fromEnvironment);
        }
        // states are random bits to a compressor, and a round's results are merged as they arrive
        conf.setIfMissing("spark.broadcast.compress", "false");
        conf.setIfMissing("spark.driver.maxResultSize", "0");
        // many jobs on one machine, each with an interface
        conf.setIfMissing("spark.port.maxRetries", "100");
        conf.setIfMissing("spark.ui.showConsoleProgress", "false");
        conf.setIfMissing("spark.executorEnv.OMP_NUM_THREADS", "1");
        ofJob.forEach(conf::setIfMissing);
        SparkSettings.setAside(conf).forEach(System.err::println);
        SparkSettings.require(conf);
        String url = conf.get("spark.master");
        if (isLocal(url)) {
            // a driver cannot lose itself: a machine that was suspended for minutes goes on where it was
            conf.setIfMissing("spark.network.timeout", "30d");
            return SparkSession.builder().config(conf).getOrCreate();
        }
        SparkSession session = null;
        try (waiting) {
            waiting.begin("the master " + url + " to answer: look whether it runs there and can be reached");
            session = SparkSession.builder().config(conf).getOrCreate();
            waiting.begin("executors of " + conf.get("spark.executor.memory", "1g") + " and "
                    + conf.get("spark.executor.cores", "all") + " cores on " + url
                    + ", of which none has come: look whether its workers have as much free, or ask for less by"
                    + " spark.executor.memory and spark.executor.cores");
            JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
            context.parallelize(List.of(1), 1).count();
            Slots.await(context);
            return session;
        } catch (Exception e) {
            // Spark throws checked exceptions that it does not declare
            if (session != null) {
                session.stop();
            }
            throw new ClusterFailure(
                    "--master " + url + ": got no Spark that runs a task (" + Reason.of(e)
                            + "), expected a master that answers and gives executors: correct the address, or see the log",
                    e);
        }
    }
}

package org.coinflip.spark.job;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** How jobs start Spark: what spark-submit was told wins over what is here. */
final class Sessions {
    private Sessions() {}

    static SparkSession start(String name, String master) {
        return start(name, master, Map.of());
    }

    /** @param ofJob what the job wants where spark-submit was told nothing */
    static SparkSession start(String name, String master, Map<String, String> ofJob) {
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
        conf.setIfMissing("spark.ui.enabled", "false");
        conf.setIfMissing("spark.ui.showConsoleProgress", "false");
        conf.setIfMissing("spark.executorEnv.OMP_NUM_THREADS", "1");
        ofJob.forEach(conf::setIfMissing);
        return SparkSession.builder().config(conf).getOrCreate();
    }
}

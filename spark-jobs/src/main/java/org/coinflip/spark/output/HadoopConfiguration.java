package org.coinflip.spark.output;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Settings of the Hadoop file systems as the driver sees them: the core-site.xml of the class path and Spark's {@code spark.hadoop.*}. */
public final class HadoopConfiguration {
    private HadoopConfiguration() {}

    /** The settings in force, before Spark is started too. */
    public static Configuration ofDriver() {
        return SparkHadoopUtil.get().newConfiguration(new SparkConf());
    }
}

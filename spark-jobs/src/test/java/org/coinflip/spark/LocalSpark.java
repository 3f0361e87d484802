package org.coinflip.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Spark in this process, one context after another: of a block, or of a class of tests as its extension. */
public final class LocalSpark implements AutoCloseable, AfterAllCallback {
    private final JavaSparkContext context;

    /** @param slots tasks at once */
    public LocalSpark(int slots) {
        context = new JavaSparkContext(new SparkConf()
                .setMaster("local[" + slots + "]")
                .setAppName("test")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.driver.host", "127.0.0.1"));
        context.setLogLevel("ERROR");
    }

    public JavaSparkContext context() {
        return context;
    }

    /** The session of this context, by the way in that Spark 3 and 4 have alike. */
    public SparkSession session() {
        return SparkSession.builder().getOrCreate();
    }

    @Override
    public void close() {
        context.close();
    }

    @Override
    public void afterAll(ExtensionContext tests) {
        close();
    }
}

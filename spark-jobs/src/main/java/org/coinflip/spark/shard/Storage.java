package org.coinflip.spark.shard;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.data.ExampleShard;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.experiment.ExampleStorage;
import scala.Tuple2;
import scala.collection.JavaConverters;

/** Decides where executors keep examples. */
public final class Storage {
    /** Of what executors have for storage: putting a worker's examples together takes three times their size for a while. */
    private static final int PART = 4;

    private static final String ENCRYPTION = "spark.io.encryption.enabled";

    private Storage() {}

    /**
     * Whether examples are better kept in files.
     *
     * @throws UsageException where that was asked for, and Spark was asked to encrypt all that it writes
     */
    public static boolean inFiles(JavaSparkContext spark, ExampleStorage wanted, List<ExampleShard> shards) {
        return inFiles(
                spark,
                wanted,
                shards.stream().mapToLong(ExampleShard::featureBytes).sum());
    }

    /** The same for examples of so many bytes of features. */
    public static boolean inFiles(JavaSparkContext spark, ExampleStorage wanted, long bytes) {
        boolean encrypted = spark.getConf().getBoolean(ENCRYPTION, false);
        if (wanted == ExampleStorage.FILE && encrypted) {
            throw new UsageException("averaging.storage: got file with " + ENCRYPTION
                    + ", expected memory: rows of examples are written as they are, for they are read from anywhere");
        }
        return wanted == ExampleStorage.FILE
                || (wanted == ExampleStorage.AUTO && !encrypted && bytes > memory(spark) / PART);
    }

    /** Bytes for storage of all executors that are there. */
    private static long memory(JavaSparkContext spark) {
        boolean local = spark.isLocal() && !spark.master().startsWith("local-cluster");
        return JavaConverters.mapAsJavaMap(spark.env().blockManager().master().getMemoryStatus()).entrySet().stream()
                .filter(entry -> local || !entry.getKey().isDriver())
                .map(entry -> (Tuple2<?, ?>) entry.getValue())
                .mapToLong(memory -> (Long) memory._1())
                .sum();
    }
}

package org.coinflip.spark.preflight;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.serializer.JavaSerializer;
import org.coinflip.model.error.UsageException;

/** Settings of Spark with which no job of ours ends well, whatever its data; looked at before a job does anything. */
public final class SparkSettings {
    private static final String SERIALIZER = "spark.serializer";
    private static final String MOST_RESULT = "spark.driver.maxResultSize";
    /** What a job's tasks send the driver at once: histograms, scores, lines of trials; states do not travel that way. */
    private static final long LEAST_RESULT = 16L << 20;

    private SparkSettings() {}

    /**
     * Sets aside, before Spark is started, what our jobs cannot work with and need not.
     *
     * @return what was set aside, in lines
     */
    public static List<String> setAside(SparkConf conf) {
        String serializer = conf.get(SERIALIZER, "");
        if (isJava(serializer)) {
            return List.of();
        }
        conf.set(SERIALIZER, JavaSerializer.class.getName());
        return List.of(SERIALIZER + ": got " + serializer
                + ", takes Java's for this job: what it sends are records, which Kryo cannot write; all else of the"
                + " settings is as given");
    }

    /**
     * Refuses what is left.
     *
     * @throws UsageException in a line
     */
    public static void require(SparkConf conf) {
        List<String> wrong = wrong(conf);
        if (!wrong.isEmpty()) {
            throw new UsageException(String.join("; ", wrong));
        }
    }

    /** What no job works with, in lines with a remedy each. */
    static List<String> wrong(SparkConf conf) {
        List<String> wrong = new ArrayList<>();
        String serializer = conf.get(SERIALIZER, "");
        if (!isJava(serializer)) {
            wrong.add(SERIALIZER + ": got " + serializer
                    + ", expected Java's: Kryo cannot write records, and states go without either; remove it");
        }
        String most = conf.get(MOST_RESULT, "0");
        if (!isEnough(most)) {
            wrong.add(MOST_RESULT + ": got " + most + ", expected at least " + (LEAST_RESULT >> 20)
                    + "m, or 0 for no bound: raise or remove it");
        }
        return wrong;
    }

    private static boolean isEnough(String most) {
        try {
            long bytes = JavaUtils.byteStringAsBytes(most);
            return bytes == 0 || bytes >= LEAST_RESULT;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean isJava(String serializer) {
        return serializer.isBlank() || serializer.equals(JavaSerializer.class.getName());
    }
}

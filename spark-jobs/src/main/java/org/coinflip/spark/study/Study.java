package org.coinflip.spark.study;

import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.coinflip.spark.output.RunDirectory;

/** A study as its section of a file says. Immutable; all that can be refused has been refused when it was read. */
public interface Study {
    /**
     * Measures, and writes what it has of its own to the run's folder, which exists.
     *
     * @param seed of every draw
     */
    StudyOutcome run(SparkSession spark, RunDirectory folder, long seed);

    /** Every key with the value in force, {@code type} included. */
    Map<String, Object> write();
}

package org.coinflip.spark.table;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.coinflip.model.error.UsageException;
import scala.Option;

/** Spark for those who read tables before a job has started it: most jobs refuse settings and data first, without. */
public final class SessionOnDemand {
    private static final AtomicReference<Supplier<SparkSession>> OFFER = new AtomicReference<>();

    private SessionOnDemand() {}

    /** Says how Spark is started where it is needed and has not been; null takes that back. */
    public static void offer(Supplier<SparkSession> start) {
        OFFER.set(start);
    }

    /** Spark, started where it has to be. */
    static SparkSession get() {
        Option<SparkSession> there = SparkSession.getDefaultSession();
        if (there.isDefined() && !there.get().sparkContext().isStopped()) {
            return there.get();
        }
        Supplier<SparkSession> start = OFFER.get();
        if (start == null) {
            throw new UsageException("data.source: got table, which Spark reads, and no Spark session, expected one:"
                    + " start it before, or use the jobs");
        }
        return start.get();
    }
}

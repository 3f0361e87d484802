package org.coinflip.spark.ml;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** What {@link FrameBenchmarkTest} starts as a driver of its own; figures go to the file that the second argument names. */
public final class FrameBenchmark {
    private static final long LOOK_MILLIS = 3000;

    private FrameBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        SparkSession spark = SparkSession.builder().appName("frames").getOrCreate();
        try (PrintWriter out = new PrintWriter(Path.of(arguments[1]).toFile())) {
            if (arguments[0].equals("train")) {
                train(spark, out, Long.parseLong(arguments[2]), Integer.parseInt(arguments[3]));
            } else {
                transform(spark, out, Long.parseLong(arguments[2]));
            }
        } finally {
            spark.stop();
        }
    }

    /** Rows that are computed where they are read: 100 features in [0, 1), and a class that two of them tell. */
    private static Dataset<Row> rows(SparkSession spark, long count, int partitions, int features) {
        return spark.range(0, count, 1, partitions)
                .withColumn(
                        "features",
                        functions.expr("transform(sequence(1, " + features
                                + "), j -> pmod(xxhash64(id, j), 1000003) / 1000003D)"))
                .withColumn("label", functions.expr("CAST(features[0] + features[1] > 1 AS DOUBLE)"));
    }

    private static void train(SparkSession spark, PrintWriter out, long count, int partitions) {
        Dataset<Row> rows = rows(spark, count, partitions, 100);
        Heap heap = new Heap();
        heap.start();
        long began = System.nanoTime();
        StochasticNetworkClassificationModel model = new StochasticNetworkClassifier()
                .setLayers("[ { type = stochastic, units = 32 } ]")
                .setMaxIter(1)
                .setWorkers(2)
                .setBatchSize(64)
                .setIdCol("id")
                .fit(rows);
        double seconds = (System.nanoTime() - began) / 1e9;
        heap.interrupt();
        double right = model.transform(
                        rows(spark, count + 10_000, partitions, 100).filter("id >= " + count))
                .agg(functions.avg(functions.expr("CAST(prediction = label AS DOUBLE)")))
                .first()
                .getDouble(0);
        out.printf(
                Locale.ROOT,
                "%d rows, %d partitions: fit took %.0f s; right of 10000 others %.3f%ndriver's live heap in MB: %s%n",
                count,
                partitions,
                seconds,
                right,
                heap.figures);
    }

    private static void transform(SparkSession spark, PrintWriter out, long count) {
        Dataset<Row> rows = new org.apache.spark.ml.feature.VectorAssembler()
                .setInputCols(new String[] {"v"})
                .setOutputCol("vector")
                .transform(rows(spark, count, 2, 784)
                        .withColumn("v", org.apache.spark.ml.functions.array_to_vector(functions.col("features"))))
                .select(
                        functions.col("id"),
                        functions.expr("pmod(id, 10)").cast("double").as("label"),
                        functions.col("vector").as("features"))
                .cache();
        rows.count();
        StochasticNetworkClassificationModel model = new StochasticNetworkClassifier()
                .setLayers("[ { type = stochastic, units = 200 }, { type = stochastic, units = 200 } ]")
                .setMaxIter(1)
                .fit(rows.limit(1000));
        UserDefinedFunction single = functions.udf(new OneByOne(model), DataTypes.DoubleType);
        for (int run = 0; run < 4; run++) {
            long began = System.nanoTime();
            rows.select(single.apply(functions.col("features")).as("p"))
                    .agg(functions.sum("p"))
                    .first();
            long between = System.nanoTime();
            model.transform(rows).agg(functions.sum("prediction")).first();
            long end = System.nanoTime();
            out.printf(
                    Locale.ROOT,
                    "784-200-200-10, %d rows: one by one %.0f rows/s, in batches %.0f rows/s%n",
                    count,
                    count * 1e9 / (between - began),
                    count * 1e9 / (end - between));
        }
    }

    private record OneByOne(StochasticNetworkClassificationModel model) implements UDF1<Vector, Double> {
        @Override
        public Double call(Vector features) {
            return model.predict(features);
        }
    }

    /** What is alive on the driver's heap, every few seconds. */
    private static final class Heap extends Thread {
        private final StringBuffer figures = new StringBuffer();

        @Override
        public void run() {
            try {
                while (true) {
                    System.gc();
                    long used = ManagementFactory.getMemoryMXBean()
                            .getHeapMemoryUsage()
                            .getUsed();
                    figures.append(used >> 20).append(' ');
                    Thread.sleep(LOOK_MILLIS);
                }
            } catch (InterruptedException e) {
                // the training is over
            }
        }
    }
}

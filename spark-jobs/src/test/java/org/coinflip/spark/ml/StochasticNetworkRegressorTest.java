package org.coinflip.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.coinflip.NetworkBuilder;
import org.coinflip.Trainer;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StochasticNetworkRegressorTest {
    private static final int ROWS = 240;
    private static final String LAYERS = "[ { type = stochastic, units = 16, estimator = disarm } ]";

    private static LocalSpark local;
    private static SparkSession spark;
    private static float[][] x;
    private static float[] y;

    @BeforeAll
    static void open() {
        local = new LocalSpark(2);
        spark = local.session();
        Random random = new Random(3);
        x = new float[ROWS][2];
        y = new float[ROWS];
        for (int i = 0; i < ROWS; i++) {
            x[i][0] = 2 * random.nextFloat() - 1;
            x[i][1] = 2 * random.nextFloat() - 1;
            y[i] = x[i][0] - 2 * x[i][1];
        }
    }

    @AfterAll
    static void close() {
        local.close();
    }

    private static Dataset<Row> rows(int partitions) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(RowFactory.create((long) i, (double) y[i], Vectors.dense(x[i][0], x[i][1])));
        }
        return Frames.of(spark, rows).repartition(partitions);
    }

    private static StochasticNetworkRegressor regressor() {
        return new StochasticNetworkRegressor()
                .setLayers(LAYERS)
                .setMaxIter(3)
                .setBatchSize(16)
                .setWorkers(1)
                .setStepSize(0.01)
                .setSeed(11)
                .setIdCol("id");
    }

    private static String sha(StochasticNetworkRegressor regressor, Dataset<Row> rows) {
        return regressor.fit(rows).network().parametersSha256();
    }

    @Test
    void trainsTheParametersOfTheLibraryWhateverThePartitions() {
        String expected = Trainer.of(NetworkBuilder.inputs(2)
                        .layer("{ type = stochastic, units = 16, estimator = disarm }")
                        .value())
                .epochs(3)
                .batch(16)
                .adam(0.01)
                .seed(11)
                .fit(Examples.of(x, y))
                .parametersSha256();
        for (int partitions : new int[] {1, 5, 300}) {
            assertEquals(expected, sha(regressor(), rows(partitions)), partitions + " partitions");
        }
    }

    @Test
    void learnsALinearFunction() {
        Dataset<Row> rows = rows(2);
        Dataset<Row> predicted = regressor().setMaxIter(60).fit(rows).transform(rows);
        double error = new RegressionEvaluator().setMetricName("r2").evaluate(predicted);
        // the mean alone explains nothing of the variance
        assertTrue(error > 0.9, "r2 " + error);
    }

    @Test
    void examplesInFilesTrainTheSameParameters() {
        Dataset<Row> rows = rows(4).withColumn("w", functions.expr("1 + id % 3"));
        StochasticNetworkRegressor regressor = regressor().setWorkers(3).setWeightCol("w");
        String memory = sha(regressor.setSettings("averaging.storage = memory"), rows);
        assertEquals(memory, sha(regressor.setSettings("averaging.storage = file"), rows));
        // equal rows have equal ids, and are examples all the same
        regressor.clear(regressor.idCol());
        Dataset<Row> twice = rows.union(rows);
        assertEquals(
                sha(regressor, twice), sha(regressor.setSettings("averaging.storage = memory"), twice.repartition(3)));
    }

    @Test
    void weightsOfOneNumberAreNoWeights() {
        String without = sha(regressor(), rows(2));
        for (double weight : new double[] {1, 4}) {
            Dataset<Row> weighted = rows(2).withColumn("w", functions.lit(weight));
            assertEquals(without, sha(regressor().setWeightCol("w"), weighted), "weight " + weight);
        }
    }

    /** Plain steps on all rows at once, through layers without noise: what is left is rounding. */
    @Test
    void aRowOfWeightThreeIsThreeRows() {
        Dataset<Row> weighted = rows(2).withColumn("w", functions.expr("id % 4"));
        Dataset<Row> copies = weighted.withColumn("copy", functions.explode(functions.expr("sequence(1, 3)")))
                .filter("copy <= w")
                .withColumn("id", functions.expr("3 * id + copy"))
                .drop("copy");
        StochasticNetworkRegressor regressor = regressor()
                .setLayers("[ { type = dense, units = 4, activation = tanh } ]")
                .setUpdater("Sgd")
                .setStepSize(0.1)
                .setBatchSize(2 * ROWS)
                .setMaxIter(1);
        StochasticNetworkRegressionModel expected = regressor.fit(copies);
        StochasticNetworkRegressionModel got = regressor.setWeightCol("w").fit(weighted);
        float[] before = parameters(expected);
        float[] after = parameters(got);
        // a step of 0.1 along a mean of at most 2 · ROWS products of about 1, each rounded as often as they are many
        double tolerance = 0.1 * 2 * (2 * ROWS + 20) * 0x1p-24;
        for (int i = 0; i < before.length; i++) {
            assertEquals(before[i], after[i], tolerance, "parameter " + i);
        }
        clear(regressor);
        assertNotEquals(
                expected.network().parametersSha256(),
                regressor.fit(weighted).network().parametersSha256());
    }

    private static void clear(StochasticNetworkRegressor regressor) {
        regressor.clear(regressor.weightCol());
    }

    private static float[] parameters(StochasticNetworkRegressionModel model) {
        return model.network().stored().state().values().toArray();
    }

    @Test
    void weightsDoNotMakeTheBitsDependOnThePartitions() {
        StochasticNetworkRegressor regressor = regressor().setWorkers(3).setWeightCol("w");
        regressor.clear(regressor.idCol());
        // sums of such weights depend on their order in double precision
        String once = sha(regressor, rows(1).withColumn("w", functions.expr("0.1D + 1D / (1 + id)")));
        assertEquals(once, sha(regressor, rows(7).withColumn("w", functions.expr("0.1D + 1D / (1 + id)"))));
    }

    @Test
    void whatIsWrongIsOneLine() {
        Dataset<Row> rows = rows(2);
        refused(rows.withColumn("label", functions.lit(null).cast("double")), regressor(), "label NaN");
        refused(rows.withColumn("label", functions.lit(1e300)), regressor(), "label 1.0E300");
        StochasticNetworkRegressor weighted = regressor().setWeightCol("w");
        refused(rows.withColumn("w", functions.lit(-1.0)), weighted, "weight -1.0");
        refused(rows.withColumn("w", functions.lit(null).cast("double")), weighted, "weight null");
        refused(rows.withColumn("w", functions.lit(0.0)), weighted, "weights of all rows are 0");
        assertThrows(UsageException.class, () -> weighted.setLayers(
                        "[ { type = gated-experts, experts = 4, gater = [ { units = 3, activation = tanh } ] } ]")
                .fit(rows.withColumn("w", functions.lit(2.0))));
    }

    private static void refused(Dataset<Row> rows, StochasticNetworkRegressor regressor, String part) {
        DataException failure = assertThrows(DataException.class, () -> regressor.fit(rows));
        assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
        assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }
}

package org.coinflip.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.coinflip.data.Split;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rows are predicted many at a time, and each as if it were alone. */
class BatchedTransformTest {
    @RegisterExtension
    private static final LocalSpark local = new LocalSpark(2);

    private static final SparkSession spark = local.session();

    private static StochasticNetworkClassificationModel model(String arithmetic, String layers) {
        return new StochasticNetworkClassifier()
                .setLayers(layers)
                .setSettings("evaluation { mode = samples, draws = 2 }, arithmetic = " + arithmetic)
                .setMaxIter(1)
                .fit(Frames.of(spark, Frames.digits(Split.TRAIN), 2));
    }

    @Test
    void aRowsPredictionDoesNotDependOnThoseBesideIt() {
        StochasticNetworkClassificationModel model = model("fast", "[ { type = stochastic, units = 24 } ]");
        Dataset<Row> rows = Frames.of(spark, Frames.digits(Split.TRAIN), 1);
        List<Row> together = predictions(model, rows);
        assertEquals(together, predictions(model, rows.repartition(7)));
        // one row a partition
        assertEquals(
                together.subList(0, 3),
                predictions(model, rows.orderBy("id").limit(3).repartition(3)));
    }

    private static List<Row> predictions(StochasticNetworkClassificationModel model, Dataset<Row> rows) {
        return model.transform(rows)
                .orderBy("id")
                .select("rawPrediction", "probability", "prediction")
                .collectAsList();
    }

    /** Where products do not round by their size, a row alone has the very same answer. */
    @Test
    void rowByRowGivesTheSame() {
        StochasticNetworkClassificationModel model = model("portable", "[ { type = stochastic, units = 24 } ]");
        for (Row row : model.transform(Frames.of(spark, Frames.digits(Split.TRAIN), 3))
                .limit(40)
                .collectAsList()) {
            Vector features = row.getAs("features");
            assertArrayEquals(
                    model.predictRaw(features).toArray(),
                    row.<Vector>getAs("rawPrediction").toArray());
            assertEquals(model.predict(features), row.<Double>getAs("prediction"));
        }
    }

    @Test
    void metadataOfColumnsPassThrough() {
        Dataset<Row> rows = Frames.of(spark, Frames.digits(Split.TRAIN), 1);
        Dataset<Row> told = rows.withColumn(
                "kind",
                functions.lit(0.0),
                NominalAttribute.defaultAttr()
                        .withName("kind")
                        .withValues("a", "b")
                        .toMetadata());
        Dataset<Row> after =
                model("fast", "[ { type = stochastic, units = 4 } ]").transform(told);
        assertEquals(
                told.schema().apply("kind").metadata(),
                after.schema().apply("kind").metadata());
    }
}

package org.coinflip.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.coinflip.data.Split;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.train.Training;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class StochasticNetworkClassifierTest {
    private static final String LAYERS = "[ { type = stochastic, units = 24, estimator = disarm } ]";

    @RegisterExtension
    private static final LocalSpark local = new LocalSpark(2);

    private static final SparkSession spark = local.session();

    @TempDir
    private Path folder;

    private static StochasticNetworkClassifier classifier() {
        return new StochasticNetworkClassifier()
                .setLayers(LAYERS)
                .setMaxIter(3)
                .setBatchSize(16)
                .setStepsPerRound(5)
                .setWorkers(3)
                .setStepSize(0.01)
                .setSeed(11)
                .setIdCol("id");
    }

    @Test
    void trainsTheParametersOfTheJobTrainWhateverThePartitions() throws IOException {
        Experiment experiment = Experiment.read(ConfigFactory.parseString(String.format(
                Locale.ROOT,
                """
                seed = 11
                data { %s }
                network.layers = [ { type = stochastic, units = 24, estimator = disarm }, { type = output, units = 10 } ]
                training { batch = 16, epochs = 3, updater { type = Adam, learning-rate = 0.01 } }
                averaging { workers = 3, steps-per-round = 5 }
                output = "%s"
                """,
                Frames.DATA,
                folder.resolve("run"))));
        Training.prepare(experiment).run(local.context());
        String expected = new ObjectMapper()
                .readTree(folder.resolve("run/summary.json").toFile())
                .get("parametersSha256")
                .asText();
        for (int partitions : new int[] {1, 7, 400}) {
            Dataset<Row> rows = Frames.of(spark, Frames.digits(Split.TRAIN), partitions);
            assertEquals(expected, classifier().fit(rows).network().parametersSha256(), partitions + " partitions");
        }
    }

    @Test
    void withoutIdsTheBitsDoNotDependOnThePartitionsEither() {
        StochasticNetworkClassifier hashed = classifier();
        hashed.clear(hashed.idCol());
        String once = hashed.fit(Frames.of(spark, Frames.digits(Split.TRAIN), 1))
                .network()
                .parametersSha256();
        assertEquals(
                once,
                hashed.fit(Frames.of(spark, Frames.digits(Split.TRAIN), 5))
                        .network()
                        .parametersSha256());
    }

    @Test
    void aModelPredictsInColumnsAndIsReadBack() throws IOException {
        Dataset<Row> rows = Frames.of(spark, Frames.digits(Split.TRAIN), 3);
        StochasticNetworkClassificationModel model = classifier()
                .setSettings("evaluation { mode = samples, draws = 4 }")
                .fit(rows);
        model.save(folder.resolve("model").toString());
        StochasticNetworkClassificationModel read = StochasticNetworkClassificationModel.load(
                folder.resolve("model").toString());
        List<Row> before = predictions(model, rows);
        assertEquals(before, predictions(read, rows.repartition(2)));
        assertEquals(model.uid(), read.uid());
        for (Row row : before) {
            Vector p = row.getAs("probability");
            double sum = 0;
            for (double value : p.toArray()) {
                sum += value;
            }
            assertEquals(1, sum, 10 * Math.ulp(1.0));
            assertEquals(p.argmax(), (int) row.<Double>getAs("prediction").doubleValue());
        }
        assertEquals(
                model.network().parametersSha256(),
                org.coinflip.Model.load(folder.resolve("model/model")).parametersSha256());
    }

    private static List<Row> predictions(StochasticNetworkClassificationModel model, Dataset<Row> rows) {
        return model.transform(rows)
                .select("id", "rawPrediction", "probability", "prediction")
                .orderBy("id")
                .collectAsList();
    }

    @Test
    void aPipelineIsCrossValidatedSavedAndLoaded() throws IOException {
        Dataset<Row> rows = Frames.of(spark, Frames.digits(Split.TRAIN), 2)
                .withColumn(
                        "digit",
                        functions.concat(
                                functions.lit("d"), functions.col("label").cast("int")))
                .withColumn("bias", functions.lit(0.5))
                .drop("label")
                .withColumnRenamed("features", "pixels");
        StochasticNetworkClassifier classifier = classifier().setMaxIter(12);
        classifier.clear(classifier.idCol());
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new StringIndexer().setInputCol("digit").setOutputCol("label"),
            new VectorAssembler().setInputCols(new String[] {"pixels", "bias"}).setOutputCol("all"),
            new StandardScaler().setWithMean(true).setInputCol("all").setOutputCol("features"),
            classifier
        });
        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(
                        classifier.layers(),
                        scala.collection.JavaConverters.asScalaBuffer(
                                List.of(LAYERS, "[ { type = stochastic, units = 24, estimator = straight-through } ]")))
                .build();
        CrossValidatorModel validated = new CrossValidator()
                .setEstimator(pipeline)
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
                .setEstimatorParamMaps(grid)
                .setNumFolds(2)
                .setSeed(5)
                .fit(rows);
        // ten classes: a guess is right for a tenth
        assertTrue(validated.avgMetrics()[1] > 0.5, "accuracy " + validated.avgMetrics()[1]);
        PipelineModel best = (PipelineModel) validated.bestModel();
        best.save(folder.resolve("pipeline").toString());
        PipelineModel read = PipelineModel.load(folder.resolve("pipeline").toString());
        assertEquals(
                best.transform(rows).select("id", "prediction").orderBy("id").collectAsList(),
                read.transform(rows).select("id", "prediction").orderBy("id").collectAsList());
    }

    @Test
    void patienceLooksAtTheRowsThatAreMarked() {
        Dataset<Row> rows =
                Frames.of(spark, Frames.digits(Split.TRAIN), 2).withColumn("held", functions.expr("id % 5 = 0"));
        StochasticNetworkClassifier held = classifier().setValidationIndicatorCol("held");
        String without = classifier().fit(rows.filter("not held")).network().parametersSha256();
        assertEquals(without, held.fit(rows).network().parametersSha256());
        assertNotEquals(
                without,
                held.setStepSize(3.0)
                        .setMaxIter(30)
                        .setPatience(1)
                        .fit(rows)
                        .network()
                        .parametersSha256());
        refused(UsageException.class, classifier().setPatience(2), rows, "validationIndicatorCol");
    }

    @Test
    void whatIsWrongIsOneLine() {
        Dataset<Row> rows = Frames.of(spark, Frames.digits(Split.TRAIN), 2);
        refused(DataException.class, classifier(), rows.filter("id < -1"), "got no rows");
        refused(DataException.class, classifier(), rows.withColumn("label", functions.lit(1.5)), "label 1.5");
        refused(DataException.class, classifier(), rows.withColumn("label", functions.lit(-1.0)), "label -1.0");
        refused(DataException.class, classifier(), rows.withColumn("id", functions.lit(null)), "no id");
        refused(UsageException.class, classifier().setLayers("[ { type = stochastik } ]"), rows, "stochastic");
        refused(UsageException.class, classifier().setLayers("[ {"), rows, "cannot be read");
        refused(UsageException.class, classifier().setSettings("data.source = mnist"), rows, "settings: got data");
        refused(UsageException.class, classifier().setSettings("training.epoch = 3"), rows, "epochs");
        refused(
                DataException.class,
                classifier(),
                Frames.of(
                        spark,
                        List.of(
                                RowFactory.create(1L, 0.0, Vectors.dense(1, 2)),
                                RowFactory.create(2L, 1.0, Vectors.dense(1)))),
                "features, expected");
        refused(
                DataException.class,
                classifier(),
                Frames.of(
                        spark,
                        List.of(
                                RowFactory.create(1L, 0.0, Vectors.dense(1, 2)),
                                RowFactory.create(2L, 1.0, Vectors.dense(1, Double.NaN)))),
                "NaN");
        refused(
                DataException.class,
                classifier(),
                Frames.of(
                        spark,
                        List.of(RowFactory.create(1L, 0.0, Vectors.dense(1, 2)), RowFactory.create(2L, 1.0, null))),
                "null");
    }

    private static void refused(
            Class<? extends CoinflipException> type,
            StochasticNetworkClassifier classifier,
            Dataset<Row> rows,
            String part) {
        CoinflipException failure = assertThrows(type, () -> classifier.fit(rows));
        assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
        assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }
}

package org.coinflip.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.coinflip.data.Split;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stages that were saved by this version in other processes, and by earlier versions: {@code fixtures/} in the test resources holds an estimator and
 * a model of each class with what it gave for {@link #few}, in portable arithmetic, which every processor rounds alike. They stay as they are; a version
 * with other Params adds a folder, {@code -Dcoinflip.write-fixtures=NAME}.
 */
class PersistenceTest {
    private static final Path FIXTURES = Path.of("src/test/resources/org/coinflip/spark/ml/fixtures");

    private static LocalSpark local;
    private static SparkSession spark;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() {
        local = new LocalSpark(2);
        spark = local.session();
    }

    @AfterAll
    static void close() {
        local.close();
    }

    private static Dataset<Row> few() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            rows.add(RowFactory.create(
                    (long) i, (double) (i % 3), Vectors.dense(i % 3 - 1, (i % 5) / 4.0, i % 2, (i % 7) / 8.0)));
        }
        return Frames.of(spark, rows);
    }

    private static List<Estimator<?>> estimators() {
        String settings = "arithmetic = portable, evaluation { mode = samples, draws = 3 }";
        String layers = "[ { type = stochastic, units = 5, estimator = disarm } ]";
        return List.of(
                new StochasticNetworkClassifier("classifier")
                        .setLayers(layers)
                        .setSettings(settings)
                        .setMaxIter(2)
                        .setIdCol("id")
                        .setThresholds(new double[] {0.5, 0.3, 0.2}),
                new StochasticNetworkRegressor("regressor")
                        .setLayers(layers)
                        .setSettings(settings)
                        .setMaxIter(2)
                        .setIdCol("id"),
                new StochasticEncoder("encoder")
                        .setLayers(layers)
                        .setSettings("arithmetic = portable")
                        .setObjective("gaussian-reconstruction")
                        .setMaxIter(2)
                        .setIdCol("id"));
    }

    private static String given(Model<?> model) {
        return lines(model.transform(few()).drop("label", "features"));
    }

    static String lines(Dataset<Row> rows) {
        return rows.orderBy("id").collectAsList().stream()
                .map(PersistenceTest::line)
                .collect(Collectors.joining("\n"));
    }

    /** Vectors number by number: Spark 3 and 4 choose other forms for the same. */
    private static String line(Row row) {
        return IntStream.range(0, row.length())
                .mapToObj(row::get)
                .map(value ->
                        value instanceof Vector vector ? Arrays.toString(vector.toArray()) : String.valueOf(value))
                .collect(Collectors.joining(" "));
    }

    @Test
    void stagesOfEarlierVersionsAreRead() throws Exception {
        String write = System.getProperty("coinflip.write-fixtures");
        if (write != null) {
            write(FIXTURES.resolve(write));
        }
        List<Path> versions;
        try (var found = Files.list(FIXTURES)) {
            versions = found.sorted().toList();
        }
        assertTrue(versions.size() >= 1);
        for (Path version : versions) {
            for (Estimator<?> estimator : estimators()) {
                Path at = version.resolve(estimator.uid());
                PipelineStage read = read(estimator.getClass(), at.resolve("estimator"));
                assertEquals(estimator.uid(), read.uid());
                assertEquals(set(estimator), set(read), at.toString());
                Model<?> model = (Model<?>) read(model(estimator), at.resolve("trained"));
                assertEquals(Files.readString(at.resolve("given.txt")), given(model), at.toString());
            }
        }
    }

    private static void write(Path version) throws IOException {
        for (Estimator<?> estimator : estimators()) {
            Path at = version.resolve(estimator.uid());
            Model<?> model = estimator.fit(few());
            ((MLWritable) estimator)
                    .write()
                    .overwrite()
                    .save(at.resolve("estimator").toString());
            ((MLWritable) model).write().overwrite().save(at.resolve("trained").toString());
            Files.writeString(at.resolve("given.txt"), given(model));
        }
    }

    private static Class<?> model(Estimator<?> estimator) {
        return estimator instanceof StochasticNetworkClassifier
                ? StochasticNetworkClassificationModel.class
                : estimator instanceof StochasticNetworkRegressor
                        ? StochasticNetworkRegressionModel.class
                        : StochasticEncoderModel.class;
    }

    private static PipelineStage read(Class<?> type, Path path) throws Exception {
        return (PipelineStage) ((MLReader<?>) type.getMethod("read").invoke(null)).load(path.toString());
    }

    private static String set(PipelineStage stage) {
        return Arrays.stream(stage.params())
                .filter(stage::isSet)
                .map(param -> param.name() + "=" + text(stage.getOrDefault(param)))
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private static String text(Object value) {
        return value instanceof double[] numbers ? Arrays.toString(numbers) : String.valueOf(value);
    }

    /** StringIndexer → VectorAssembler → StandardScaler → classifier, validated over two estimators, read by another process. */
    @Test
    void aPipelineGivesTheSameInAFreshJvm() throws Exception {
        Dataset<Row> rows = Frames.of(spark, Frames.digits(Split.TRAIN), 2)
                .withColumn(
                        "digit",
                        functions.concat(
                                functions.lit("d"), functions.col("label").cast("int")))
                .withColumn("bias", functions.lit(0.5))
                .drop("label")
                .withColumnRenamed("features", "pixels");
        StochasticNetworkClassifier classifier =
                new StochasticNetworkClassifier().setMaxIter(4).setBatchSize(16).setStepSize(0.01);
        @SuppressWarnings("unchecked")
        Param<String> layers = (Param<String>) (Param<?>) classifier.getParam("layers");
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new StringIndexer().setInputCol("digit").setOutputCol("label"),
            new VectorAssembler().setInputCols(new String[] {"pixels", "bias"}).setOutputCol("all"),
            new StandardScaler().setWithMean(true).setInputCol("all").setOutputCol("features"),
            classifier
        });
        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(
                        layers,
                        scala.collection.JavaConverters.asScalaBuffer(List.of(
                                "[ { type = stochastic, units = 16, estimator = disarm } ]",
                                "[ { type = stochastic, units = 16, estimator = straight-through } ]")))
                .build();
        PipelineModel best = (PipelineModel) new CrossValidator()
                .setEstimator(pipeline)
                .setEvaluator(new MulticlassClassificationEvaluator())
                .setEstimatorParamMaps(grid)
                .setNumFolds(2)
                .fit(rows)
                .bestModel();
        String model = folder.resolve("model").toString();
        String frame = folder.resolve("rows").toString();
        Path printed = folder.resolve("printed.txt");
        best.save(model);
        rows.write().parquet(frame);
        String expected = lines(best.transform(rows).select("id", "rawPrediction", "probability", "prediction"));
        Path project = Path.of("..").toAbsolutePath().normalize();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + project.resolve("conf/java-options"),
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FreshJvm.class.getName(),
                        model,
                        frame,
                        printed.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("errors.txt").toFile())
                .start();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        assertEquals(0, process.exitValue(), () -> {
            try {
                return Files.readString(folder.resolve("errors.txt"));
            } catch (IOException e) {
                return e.toString();
            }
        });
        assertNotNull(expected);
        assertEquals(expected, Files.readString(printed));
    }

    /** Reads a pipeline and a frame, and writes what it predicts. */
    public static final class FreshJvm {
        private FreshJvm() {}

        public static void main(String[] arguments) throws IOException {
            try (LocalSpark own = new LocalSpark(1)) {
                SparkSession session = own.session();
                Dataset<Row> rows = session.read().parquet(arguments[1]);
                Files.writeString(
                        Path.of(arguments[2]),
                        lines(PipelineModel.load(arguments[0])
                                .transform(rows)
                                .select("id", "rawPrediction", "probability", "prediction")));
            }
        }
    }
}

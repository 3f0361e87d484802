package org.coinflip.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkException;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.coinflip.data.Split;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.checkpoint.StateFile;
import org.coinflip.spark.checkpoint.StateFileReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What other libraries hang or answer wrongly on: each works, or is one line. */
class TrapsTest {
    @RegisterExtension
    private static final LocalSpark local = new LocalSpark(2);

    private static final SparkSession spark = local.session();

    @TempDir
    private Path folder;

    private static StochasticNetworkClassifier classifier() {
        return new StochasticNetworkClassifier()
                .setLayers("[ { type = stochastic, units = 6, estimator = disarm } ]")
                .setMaxIter(2)
                .setBatchSize(4)
                .setWorkers(2)
                .setIdCol("id");
    }

    private static Dataset<Row> frame(Object[]... rows) {
        return Frames.of(spark, Arrays.stream(rows).map(RowFactory::create).toList());
    }

    private static Object[] row(long id, Double label, Vector features) {
        return new Object[] {id, label, features};
    }

    @Test
    void oneRowIsEnough() {
        Dataset<Row> one = frame(row(1, 1.0, Vectors.dense(1, 2)));
        StochasticNetworkClassificationModel model = classifier().fit(one);
        assertEquals(2, model.numClasses());
        assertEquals(1, model.transform(one).count());
    }

    @Test
    void oneLabelIsEnough() {
        Dataset<Row> rows = Frames.of(spark, Frames.digits(Split.TRAIN), 3).withColumn("label", functions.lit(0.0));
        StochasticNetworkClassificationModel model = classifier().setMaxIter(20).fit(rows);
        assertEquals(2, model.numClasses());
        assertEquals(
                rows.count(), model.transform(rows).filter("prediction = 0").count());
    }

    @Test
    void partitionsMayBeEmptyAndWorkersIdle() {
        Dataset<Row> rows = frame(row(1, 0.0, Vectors.dense(1, 2)), row(2, 1.0, Vectors.dense(0, 1)))
                .repartition(9);
        StochasticNetworkClassificationModel model = classifier().setWorkers(5).fit(rows);
        assertEquals(2, model.transform(rows).count());
        assertEquals(0, model.transform(rows.filter("id < 0")).count());
    }

    @Test
    void aClassMayBeMissingInAFold() {
        Dataset<Row> rows = Frames.of(spark, Frames.digits(Split.TRAIN), 2)
                .withColumn("digit", functions.col("label").cast("int").cast("string"))
                .drop("label");
        Dataset<Row> indexed = new StringIndexer()
                .setInputCol("digit")
                .setOutputCol("label")
                .setStringOrderType("alphabetAsc")
                .fit(rows)
                .transform(rows);
        // the last class and one in the midst
        StochasticNetworkClassificationModel model = classifier().fit(indexed.filter("digit <> '9' and digit <> '4'"));
        assertEquals(10, model.numClasses());
        Vector probability = model.transform(indexed).first().getAs("probability");
        assertEquals(10, probability.size());
    }

    @Test
    void labelsThatAreNoClassesAreOneLine() {
        Vector x = Vectors.dense(1, 2);
        for (Double label : new Double[] {1.5, -1.0, Double.NaN, null, 3e9}) {
            DataException failure = assertThrows(
                    DataException.class, () -> classifier().fit(frame(row(1, 0.0, x), row(2, label, x))), "" + label);
            assertTrue(failure.getMessage().contains("StringIndexer"), failure.getMessage());
        }
    }

    @Test
    void featuresThatAreNoNumbersAreOneLineWherePredictionsAreMade() {
        StochasticNetworkClassificationModel model =
                classifier().fit(frame(row(1, 0.0, Vectors.dense(1, 2)), row(2, 1.0, Vectors.dense(0, 1))));
        says(model, frame(row(3, 0.0, Vectors.dense(1, Double.NaN))), "NaN for feature 1");
        says(model, frame(row(3, 0.0, Vectors.dense(1, Double.POSITIVE_INFINITY))), "Infinity for feature 1");
        says(model, frame(row(3, 0.0, null)), "no features (null)");
        says(model, frame(row(3, 0.0, Vectors.dense(1, 2, 3))), "3 features, expected 2");
        Dataset<Row> arrays =
                frame(row(3, 0.0, Vectors.dense(1, 2))).withColumn("features", functions.expr("array(1.0D, null)"));
        says(model, arrays, "no feature 1 (null)");
        DataException failure =
                assertThrows(DataException.class, () -> classifier().fit(arrays));
        assertTrue(failure.getMessage().contains("no feature 1 (null)"), failure.getMessage());
    }

    private static void says(StochasticNetworkClassificationModel model, Dataset<Row> rows, String part) {
        SparkException failure = assertThrows(SparkException.class, () -> collect(model, rows));
        Throwable cause = failure;
        while (cause != null && !(cause instanceof DataException)) {
            cause = cause.getCause();
        }
        assertTrue(cause != null && cause.getMessage().contains(part), failure.getMessage());
        assertEquals(1, cause.getMessage().lines().count());
    }

    private static List<Row> collect(StochasticNetworkClassificationModel model, Dataset<Row> rows)
            throws SparkException {
        return model.transform(rows).collectAsList();
    }

    @Test
    void thresholdsAndEmptyColumnsAreSparksOwn() {
        Dataset<Row> rows = Frames.of(spark, Frames.digits(Split.TRAIN), 2);
        StochasticNetworkClassificationModel model = classifier().fit(rows);
        double[] thresholds = new double[10];
        Arrays.fill(thresholds, 1);
        thresholds[3] = 0;
        model.setThresholds(thresholds);
        assertEquals(
                rows.count(), model.transform(rows).filter("prediction = 3").count());
        model.setRawPredictionCol("").setProbabilityCol("");
        assertEquals(
                List.of("id", "label", "features", "prediction"),
                List.of(model.transform(rows).columns()));
        model.setPredictionCol("");
        assertEquals(3, model.transform(rows).columns().length);
    }

    /** A fit that was ended goes on where its checkpoint is, to the same bits; a checkpoint of another is not taken. */
    @Test
    void aFitGoesOnFromItsCheckpoint() throws Exception {
        Dataset<Row> rows = Frames.of(spark, Frames.digits(Split.TRAIN), 3).cache();
        StochasticNetworkClassifier classifier = classifier().setMaxIter(12);
        String expected = classifier.fit(rows).network().parametersSha256();
        Path checkpoints = Files.createDirectories(folder.resolve("checkpoints"));
        classifier.setCheckpointDir(checkpoints.toString()).setCheckpointInterval(1);
        Path aside = folder.resolve("aside");
        AtomicBoolean over = new AtomicBoolean();
        Thread watching = new Thread(() -> watch(checkpoints, aside, over));
        watching.start();
        assertEquals(expected, classifier.fit(rows).network().parametersSha256());
        over.set(true);
        watching.join();
        assertEquals(List.of(), names(checkpoints));
        List<String> seen = names(aside);
        assertEquals(1, seen.size());
        Path kept = aside.resolve(seen.get(0));
        try (InputStream in = Files.newInputStream(kept)) {
            StateFile.Content content = StateFileReader.read(in, Files.size(kept), "kept");
            assertTrue(content.about().path("epoch").asInt() >= 1);
        }
        Files.copy(kept, checkpoints.resolve(seen.get(0)));
        // another seed: another training, with a file of its own
        String other = new String(classifier
                .copy(org.apache.spark.ml.param.ParamMap.empty())
                .setSeed(99)
                .fit(rows)
                .network()
                .parametersSha256());
        assertTrue(!other.equals(expected));
        assertEquals(seen, names(checkpoints));
        assertEquals(expected, classifier.fit(rows.repartition(2)).network().parametersSha256());
        assertEquals(List.of(), names(checkpoints));
        byte[] damaged = Files.readAllBytes(kept);
        damaged[damaged.length / 2] ^= 1;
        Files.write(checkpoints.resolve(seen.get(0)), damaged);
        assertThrows(DataException.class, () -> classifier.fit(rows));
        assertThrows(UsageException.class, () -> classifier
                .setPatience(2)
                .setValidationIndicatorCol("held")
                .fit(rows.withColumn("held", functions.expr("id % 5 = 0"))));
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".checkpoint") && !name.startsWith("."))
                    .toList();
        }
    }

    /** Copies checkpoints while they are there. */
    private static void watch(Path from, Path to, AtomicBoolean over) {
        try {
            Files.createDirectories(to);
            while (!over.get()) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(from, "*.checkpoint")) {
                    for (Path file : files) {
                        Path part = to.resolve("part");
                        Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
                        Files.move(part, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                    }
                } catch (NoSuchFileException e) {
                    // it was just replaced
                }
                Thread.onSpinWait();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

package org.coinflip.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.VectorSlicer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.coinflip.data.Split;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Spark expects of every stage, as its own checks of estimators have it: Params copied, defaults, persistence, schema. */
class StageContractTest {
    private static LocalSpark local;
    private static Dataset<Row> rows;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() {
        local = new LocalSpark(2);
        rows = Frames.of(local.session(), Frames.digits(Split.TRAIN), 2)
                .limit(80)
                .cache();
    }

    @AfterAll
    static void close() {
        local.close();
    }

    static Stream<Estimator<?>> estimators() {
        return Stream.of(
                new StochasticNetworkClassifier().setMaxIter(1).setWorkers(1),
                new StochasticNetworkRegressor().setMaxIter(1).setWorkers(1),
                new StochasticEncoder().setMaxIter(1).setWorkers(1));
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void everyParamBelongsToItsStageAndSaysWhatItIs(Estimator<?> estimator) {
        for (PipelineStage stage : new PipelineStage[] {estimator, estimator.fit(rows)}) {
            assertTrue(stage.params().length >= 2, stage.uid());
            for (Param<?> param : stage.params()) {
                assertEquals(stage.uid(), param.parent(), param.name());
                assertFalse(param.doc().isBlank(), param.name());
                assertEquals(param, stage.getParam(param.name()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void aCopyHasTheSameUidAndParamsAndIsAnother(Estimator<?> estimator) {
        Estimator<?> copy = estimator.copy(ParamMap.empty());
        assertNotSame(estimator, copy);
        assertEquals(values(estimator), values(copy));
        @SuppressWarnings("unchecked")
        Param<Object> iterations = (Param<Object>) estimator.getParam("maxIter");
        Estimator<?> changed = estimator.copy(new ParamMap().put(iterations, 2));
        assertEquals(2, changed.getOrDefault(iterations));
        assertEquals(1, estimator.getOrDefault(iterations));
        Model<?> model = estimator.fit(rows);
        PipelineStage copied = model.copy(ParamMap.empty());
        assertEquals(values(model), values(copied));
        assertEquals(model.parent(), ((Model<?>) copied).parent());
        assertEquals(estimator, model.parent());
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void aStageThatIsSavedIsReadBack(Estimator<?> estimator) throws Exception {
        check(estimator, folder.resolve("estimator"));
        Model<?> model = estimator.fit(rows);
        PipelineStage read = check(model, folder.resolve("model"));
        assertEquals(
                model.transform(rows).orderBy("id").collectAsList(),
                ((Model<?>) read).transform(rows).orderBy("id").collectAsList());
        // a folder that is there is replaced only where that is asked for
        assertThrows(IOException.class, () -> ((MLWritable) model)
                .save(folder.resolve("model").toString()));
        ((MLWritable) model).write().overwrite().save(folder.resolve("model").toString());
    }

    private static PipelineStage check(PipelineStage stage, Path path) throws Exception {
        ((MLWritable) stage).save(path.toString());
        MLReader<?> reader = (MLReader<?>) stage.getClass().getMethod("read").invoke(null);
        PipelineStage read = (PipelineStage) reader.load(path.toString());
        assertEquals(stage.getClass(), read.getClass());
        assertEquals(stage.uid(), read.uid());
        assertEquals(values(stage), values(read));
        return read;
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void aModelTransformsToTheSchemaThatItSays(Estimator<?> estimator) {
        Model<?> model = estimator.fit(rows);
        Dataset<Row> transformed = model.transform(rows);
        // Spark's own stages say the columns in another order than that in which they add them
        assertEquals(columns(transformed.schema()), columns(model.transformSchema(rows.schema())));
        assertEquals(columns(transformed.schema()), columns(estimator.transformSchema(rows.schema())));
        assertEquals(rows.count(), transformed.count());
        StructType wrong = new StructType().add("label", DataTypes.DoubleType).add("features", DataTypes.StringType);
        assertThrows(IllegalArgumentException.class, () -> estimator.transformSchema(wrong));
        assertThrows(IllegalArgumentException.class, () -> model.transformSchema(wrong));
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void sparkMakesStagesByTheirUid(Estimator<?> estimator) throws Exception {
        PipelineStage made = estimator.getClass().getConstructor(String.class).newInstance("mine");
        assertEquals("mine", made.uid());
        for (Param<?> param : made.params()) {
            assertEquals("mine", param.parent());
        }
    }

    /** A Connect server makes one stage of each class that is named to it, and then others by their uid. */
    @ParameterizedTest
    @MethodSource("estimators")
    void serviceLoadersFindTheStages(Estimator<?> estimator) throws Exception {
        assertTrue(ServiceLoader.load(Estimator.class).stream().anyMatch(p -> p.type() == estimator.getClass()));
        Class<?> model = estimator.fit(rows).getClass();
        ServiceLoader.Provider<Transformer> found = ServiceLoader.load(Transformer.class).stream()
                .filter(provider -> provider.type() == model)
                .findFirst()
                .orElseThrow();
        Transformer empty = found.get();
        assertEquals("mine", ((PipelineStage) model.getConstructor(String.class).newInstance("mine")).uid());
        assertThrows(UsageException.class, () -> ((MLWritable) empty)
                .save(folder.resolve("empty").toString()));
        for (Param<?> param : estimator.params()) {
            Object value = estimator.isDefined(param) ? estimator.getOrDefault(param) : "";
            assertTrue(value instanceof String || value instanceof Number || value instanceof String[], param.name());
        }
    }

    /** Vectors, arrays and columns of the same numbers are the same features. */
    @ParameterizedTest
    @MethodSource("estimators")
    void featuresComeAsVectorsArraysOrColumns(Estimator<?> estimator) {
        Dataset<Row> few = narrow();
        List<Row> expected = results(estimator.fit(few), few);
        for (String type : new String[] {"double", "float"}) {
            Dataset<Row> arrays = few.withColumn(
                    "features",
                    org.apache
                            .spark
                            .ml
                            .functions
                            .vector_to_array(functions.col("features"), "float64")
                            .cast("array<" + type + ">"));
            assertEquals(expected, results(estimator.fit(arrays), arrays), type);
        }
        Dataset<Row> columns = few;
        String[] names = new String[WIDTH];
        for (int j = 0; j < WIDTH; j++) {
            names[j] = "x." + j;
            columns = columns.withColumn(
                    names[j],
                    functions.element_at(
                            org.apache.spark.ml.functions.vector_to_array(functions.col("features"), "float64"),
                            j + 1));
        }
        columns = columns.drop("features");
        @SuppressWarnings("unchecked")
        Param<String[]> together = (Param<String[]>) (Param<?>) estimator.getParam("featuresCols");
        Estimator<?> of = estimator.copy(new ParamMap().put(together, names));
        assertEquals(expected, results(of.fit(columns), columns));
    }

    private static final int WIDTH = 5;

    private static Dataset<Row> narrow() {
        return new VectorSlicer()
                .setInputCol("features")
                .setOutputCol("few")
                .setIndices(new int[] {2, 10, 20, 30, 44})
                .transform(rows)
                .select(
                        functions.col("id"),
                        functions.col("label"),
                        functions.col("few").as("features"));
    }

    private static List<Row> results(Model<?> model, Dataset<Row> frame) {
        String last = model.hasParam("outputCol") ? "code" : "prediction";
        return model.transform(frame).orderBy("id").select("id", last).collectAsList();
    }

    private static List<String> columns(StructType schema) {
        return Arrays.stream(schema.fields())
                .map(field -> field.name() + " " + field.dataType().catalogString())
                .sorted()
                .collect(Collectors.toList());
    }

    private static String values(PipelineStage stage) {
        return Arrays.stream(stage.params())
                .map(param -> param.name() + "=" + (stage.isDefined(param) ? stage.getOrDefault(param) : "none"))
                .sorted()
                .collect(Collectors.joining("\n"));
    }
}

package org.coinflip.spark.ml;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.train.FrameTraining;

/** What is alike in the training of all stages: Params to settings, rows to examples, the training itself. */
final class FrameFit {
    private static final List<String> ELSEWHERE =
            List.of("name", "data", "network", "output", "overwrite", "resume", "checkpoint", "backend");

    private FrameFit() {}

    /**
     * Trains on the rows of a frame.
     *
     * @param features column of vectors
     * @param label column of class numbers; empty where there are none
     * @param end what follows the layers, given the features and classes of the rows
     */
    static StoredModel run(
            TrainingParams params, Dataset<?> frame, String features, Optional<String> label, String end) {
        try {
            return fit(params, frame, features, label, end);
        } catch (CoinflipException e) {
            throw e;
        } catch (Exception e) {
            // Spark throws what it does not declare; what a task found wrong with its rows is the message, not that a
            // stage failed
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof CoinflipException found) {
                    throw found;
                }
            }
            throw e;
        }
    }

    private static StoredModel fit(
            TrainingParams params, Dataset<?> frame, String features, Optional<String> label, String end) {
        Dataset<Row> rows = frame.select(
                functions.col(features),
                label.map(name -> functions.col(name).cast(DataTypes.DoubleType))
                        .orElse(functions.lit(null).cast(DataTypes.DoubleType)),
                params.isDefined(params.idCol())
                        ? functions.col(params.getOrDefault(params.idCol())).cast(DataTypes.LongType)
                        : functions.lit(null).cast(DataTypes.LongType),
                validation(params));
        JavaRDD<Row> all = rows.javaRDD();
        JavaRDD<Row> train = all.filter(row -> row.isNullAt(3) || !row.getBoolean(3));
        List<Row> first = train.take(1);
        if (first.isEmpty()) {
            throw new DataException(
                    "got no rows to train on, expected at least one: look at the filter before this stage"
                            + " and at validationIndicatorCol");
        }
        if (first.get(0).isNullAt(0)) {
            throw new DataException("a row has no features (null), expected a vector: leave it out, or fill it in");
        }
        int width = ((Vector) first.get(0).get(0)).size();
        int classes = label.isPresent() ? classes(frame, label.get(), train) : 1;
        Experiment experiment =
                experiment(params, end.replace("FEATURES", "" + width).replace("CLASSES", "" + classes));
        OptionalInt told = experiment.networkSpec(width).classes();
        int known = label.isPresent() ? Math.max(classes, told.orElse(classes)) : 1;
        RowExamples reading = new RowExamples(width, known, label.isPresent(), params.isDefined(params.idCol()));
        JavaRDD<Examples> blocks = train.mapPartitions(reading);
        boolean looks = params.isDefined(params.validationIndicatorCol());
        if (experiment.validation().patience() > 0 && !looks) {
            throw new UsageException("patience: got " + experiment.validation().patience()
                    + " without validation rows, expected validationIndicatorCol to be set");
        }
        Optional<JavaRDD<Examples>> valid = looks
                ? Optional.of(
                        all.filter(row -> !row.isNullAt(3) && row.getBoolean(3)).mapPartitions(reading))
                : Optional.empty();
        JavaSparkContext spark =
                JavaSparkContext.fromSparkContext(frame.sparkSession().sparkContext());
        return FrameTraining.run(spark, experiment, blocks, valid, width, known);
    }

    private static Column validation(TrainingParams params) {
        return params.isDefined(params.validationIndicatorCol())
                ? functions.col(params.getOrDefault(params.validationIndicatorCol()))
                : functions.lit(false);
    }

    /** Classes that the column's metadata tell of; otherwise as many as the greatest label says. */
    private static int classes(Dataset<?> frame, String label, JavaRDD<Row> rows) {
        Attribute attribute = Attribute.fromStructField(frame.schema().apply(label));
        if (attribute instanceof BinaryAttribute) {
            return 2;
        }
        if (attribute instanceof NominalAttribute nominal
                && nominal.getNumValues().isDefined()) {
            return (Integer) nominal.getNumValues().get();
        }
        double most = rows.map(row -> {
                    double value = row.isNullAt(1) ? Double.NaN : row.getDouble(1);
                    if (value != (int) value || value < 0) {
                        throw new DataException("a row has the label " + value
                                + ", expected a class number, 0 and up: index labels with StringIndexer");
                    }
                    return value;
                })
                .reduce(Math::max);
        // a class of its own is no class: Spark's classifiers have two at least
        return Math.max(2, (int) most + 1);
    }

    /** The experiment that Params and settings describe. */
    private static Experiment experiment(TrainingParams params, String end) {
        try {
            Config settings = ConfigFactory.parseString(params.getOrDefault(params.settings()))
                    .resolve();
            for (String key : ELSEWHERE) {
                if (settings.hasPath(key)) {
                    throw new UsageException("settings: got " + key
                            + ", expected seed, arithmetic, training, averaging, evaluation or validation:"
                            + " what a stage reads and writes its columns and its caller say");
                }
            }
            Config file = settings;
            file = with(file, params, params.seed(), "seed");
            file = with(file, params, params.maxIter(), "training.epochs");
            file = with(file, params, params.batchSize(), "training.batch");
            file = with(file, params, params.updater(), "training.updater.type");
            file = with(file, params, params.stepSize(), "training.updater.learning-rate");
            file = with(file, params, params.workers(), "averaging.workers");
            file = with(file, params, params.stepsPerRound(), "averaging.steps-per-round");
            file = with(file, params, params.patience(), "validation.patience");
            Config layers = ConfigFactory.parseString("layers = " + params.getOrDefault(params.layers()));
            List<Object> all = new ArrayList<>();
            layers.getObjectList("layers").forEach(layer -> all.add(layer.unwrapped()));
            all.add(ConfigFactory.parseString(end).root().unwrapped());
            return Experiment.read(file.withFallback(ConfigFactory.parseMap(Map.of("network", Map.of("layers", all)))));
        } catch (ConfigException e) {
            throw new UsageException(
                    "layers or settings cannot be read ("
                            + e.getMessage().lines().findFirst().orElse("")
                            + "), expected HOCON: [ { type = stochastic, units = 200 } ], training { schedule = cosine }",
                    e);
        }
    }

    /** A Param that is set wins over settings, and they over its default. */
    private static Config with(Config file, TrainingParams params, Param<?> param, String key) {
        Config value = ConfigFactory.parseMap(Map.of(key, params.getOrDefault(param)));
        return params.isSet(param) ? value.withFallback(file) : file.withFallback(value);
    }
}

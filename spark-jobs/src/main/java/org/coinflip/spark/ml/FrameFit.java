package org.coinflip.spark.ml;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.ml.attribute.NominalAttribute;
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
            List.of("name", "data", "network", "output", "overwrite", "resume", "checkpoint", "backend", "tracking");

    private FrameFit() {}

    /**
     * Trains on the rows of a frame.
     *
     * @param stage whose Params say how, and where features are
     * @param label column of class numbers or values; empty where there are none
     * @param target what that column holds
     * @param end what follows the layers, given the features and classes of the rows
     */
    static <S extends TrainingParams & HasFeatureColumns> StoredModel run(
            S stage, Dataset<?> frame, Optional<String> label, RowExamples.Target target, String end) {
        try {
            return fit(stage, frame, label, target, end);
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

    private static <S extends TrainingParams & HasFeatureColumns> StoredModel fit(
            S stage, Dataset<?> frame, Optional<String> label, RowExamples.Target target, String end) {
        FeatureInput.check(stage, frame.schema());
        boolean weighted = stage.isDefined(stage.weightCol())
                && !stage.getOrDefault(stage.weightCol()).isEmpty();
        Dataset<Row> rows = frame.select(
                FeatureInput.column(stage),
                label.map(functions::col).orElse(functions.lit(null)).cast(DataTypes.DoubleType),
                optional(stage, stage.idCol(), null).cast(DataTypes.LongType),
                optional(stage, stage.validationIndicatorCol(), false),
                (weighted ? functions.col(stage.getOrDefault(stage.weightCol())) : functions.lit(null))
                        .cast(DataTypes.DoubleType));
        JavaRDD<Row> all = rows.javaRDD();
        JavaRDD<Row> train = all.filter(row -> row.isNullAt(3) || !row.getBoolean(3));
        List<Row> first = train.take(1);
        if (first.isEmpty()) {
            throw new DataException(
                    "got no rows to train on, expected at least one: look at the filter before this stage"
                            + " and at validationIndicatorCol");
        }
        int width = FeatureInput.width(first.get(0).get(0));
        if (width == 0) {
            throw new DataException("a row has 0 features, expected at least one");
        }
        OptionalInt named = target == RowExamples.Target.CLASSES ? named(frame, label.get()) : OptionalInt.of(1);
        boolean counted = named.isEmpty();
        Survey survey = train.mapPartitions(
                        part -> List.of(Survey.of(part, counted, weighted)).iterator())
                .reduce(Survey::plus);
        // a class of its own is no class: Spark's classifiers have two at least
        int classes = named.orElse(Math.max(2, survey.greatest() + 1));
        Experiment experiment =
                experiment(stage, end.replace("FEATURES", "" + width).replace("CLASSES", "" + classes));
        OptionalInt told = experiment.networkSpec(width).classes();
        int known =
                switch (target) {
                    case NONE -> 1;
                    case VALUES -> 0;
                    case CLASSES -> Math.max(classes, told.orElse(classes));
                };
        double mean = weighted ? survey.meanWeight() : 0;
        RowExamples reading = new RowExamples(width, known, target, stage.isDefined(stage.idCol()), mean);
        JavaRDD<Examples> blocks = train.mapPartitions(reading);
        boolean looks = stage.isDefined(stage.validationIndicatorCol());
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
        Optional<FrameTraining.Checkpoint> checkpoint = stage.isDefined(stage.checkpointDir())
                        && stage.getOrDefault(stage.checkpointInterval()) instanceof Integer interval
                        && interval > 0
                ? Optional.of(new FrameTraining.Checkpoint(stage.getOrDefault(stage.checkpointDir()), interval))
                : Optional.empty();
        return new FrameTraining(spark, experiment, width, known, checkpoint)
                .run(blocks, survey.rows(), weighted, valid);
    }

    private static Column optional(TrainingParams params, Param<String> column, Object otherwise) {
        return params.isDefined(column) ? functions.col(params.getOrDefault(column)) : functions.lit(otherwise);
    }

    /** How many classes the column's metadata tell of. */
    private static OptionalInt named(Dataset<?> frame, String label) {
        Attribute attribute = Attribute.fromStructField(frame.schema().apply(label));
        if (attribute instanceof BinaryAttribute) {
            return OptionalInt.of(2);
        }
        return attribute instanceof NominalAttribute nominal
                        && nominal.getNumValues().isDefined()
                ? OptionalInt.of((Integer) nominal.getNumValues().get())
                : OptionalInt.empty();
    }

    /**
     * What has to be known of all rows before the first is used. A sum of weights is exact, so that it does not depend on the partitions.
     *
     * @param rows how many
     * @param greatest label
     * @param weights their sum
     */
    private record Survey(long rows, int greatest, BigDecimal weights) implements Serializable {
        static Survey of(Iterator<Row> rows, boolean labels, boolean weighted) {
            long count = 0;
            int greatest = 0;
            BigDecimal weights = BigDecimal.ZERO;
            while (rows.hasNext()) {
                Row row = rows.next();
                count++;
                greatest = labels ? Math.max(greatest, label(row)) : 0;
                weights = weighted ? weights.add(new BigDecimal(RowExamples.weight(row))) : weights;
            }
            return new Survey(count, greatest, weights);
        }

        private static int label(Row row) {
            double value = row.isNullAt(1) ? Double.NaN : row.getDouble(1);
            if (value != (int) value || value < 0) {
                throw new DataException("a row has the label " + (row.isNullAt(1) ? "null" : value)
                        + ", expected a class number, 0 and up: index labels with StringIndexer");
            }
            return (int) value;
        }

        Survey plus(Survey other) {
            return new Survey(rows + other.rows, Math.max(greatest, other.greatest), weights.add(other.weights));
        }

        double meanWeight() {
            if (weights.signum() == 0) {
                throw new DataException("the weights of all rows are 0, expected some above 0: look at weightCol");
            }
            return weights.divide(BigDecimal.valueOf(rows), MathContext.DECIMAL64)
                    .doubleValue();
        }
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

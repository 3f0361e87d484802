package org.coinflip.spark.ml;

import java.util.Optional;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.coinflip.model.storage.StoredModel;

/**
 * Trains a network of stochastic neurons to tell classes apart, by averaging workers on the rows where they are: nothing is collected. The
 * parameters are a function of Params, rows and ids, whatever the partitions, and those of the job {@code train} with the same settings,
 * examples and ids. Features are taken as they are, in single precision: scale them before.
 */
public final class StochasticNetworkClassifier
        extends ClassifierStage<StochasticNetworkClassifier, StochasticNetworkClassificationModel> {
    private static final long serialVersionUID = 1L;

    /** One with this uid, as Spark makes stages that it loads. */
    public StochasticNetworkClassifier(String uid) {
        super(uid);
    }

    /** One with the defaults. */
    public StochasticNetworkClassifier() {
        this(Identifiable$.MODULE$.randomUID("stochasticNetworkClassifier"));
    }

    @Override
    public StochasticNetworkClassificationModel train(Dataset<?> rows) {
        StoredModel stored = FrameFit.run(
                this,
                rows,
                Optional.of(getLabelCol()),
                RowExamples.Target.CLASSES,
                "type = output, units = CLASSES, objective = cross-entropy");
        return new StochasticNetworkClassificationModel(uid(), StageModel.of(stored));
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return FeatureInput.restored(this, schema, super.transformSchema(FeatureInput.withVectors(this, schema)));
    }

    @Override
    public StochasticNetworkClassifier copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    /** Reads one that was saved. */
    public static MLReader<StochasticNetworkClassifier> read() {
        return new StageReader<>(StochasticNetworkClassifier.class, StochasticNetworkClassifier::new);
    }

    /** Reads one that was saved. */
    public static StochasticNetworkClassifier load(String path) {
        return read().load(path);
    }

    public StochasticNetworkClassifier setLayers(String value) {
        set(layers(), value);
        return this;
    }

    public StochasticNetworkClassifier setSettings(String value) {
        set(settings(), value);
        return this;
    }

    public StochasticNetworkClassifier setWorkers(int value) {
        set(workers(), value);
        return this;
    }

    public StochasticNetworkClassifier setStepsPerRound(int value) {
        set(stepsPerRound(), value);
        return this;
    }

    public StochasticNetworkClassifier setBatchSize(int value) {
        set(batchSize(), value);
        return this;
    }

    public StochasticNetworkClassifier setMaxIter(int value) {
        set(maxIter(), value);
        return this;
    }

    public StochasticNetworkClassifier setStepSize(double value) {
        set(stepSize(), value);
        return this;
    }

    public StochasticNetworkClassifier setUpdater(String value) {
        set(updater(), value);
        return this;
    }

    public StochasticNetworkClassifier setSeed(long value) {
        set(seed(), value);
        return this;
    }

    public StochasticNetworkClassifier setPatience(int value) {
        set(patience(), value);
        return this;
    }

    public StochasticNetworkClassifier setIdCol(String value) {
        set(idCol(), value);
        return this;
    }

    public StochasticNetworkClassifier setValidationIndicatorCol(String value) {
        set(validationIndicatorCol(), value);
        return this;
    }

    public StochasticNetworkClassifier setWeightCol(String value) {
        set(weightCol(), value);
        return this;
    }

    public StochasticNetworkClassifier setFeaturesCols(String... value) {
        set(featuresCols(), value);
        return this;
    }

    public StochasticNetworkClassifier setCheckpointDir(String value) {
        set(checkpointDir(), value);
        return this;
    }

    public StochasticNetworkClassifier setCheckpointInterval(int value) {
        set(checkpointInterval(), value);
        return this;
    }
}

package org.coinflip.spark.ml;

import java.util.Optional;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.coinflip.model.storage.StoredModel;

/**
 * Trains a network of stochastic neurons to predict a number, {@code ½ (y − label)²} being the loss, by averaging workers on the rows where they are: nothing is collected. The
 * parameters are a function of Params, rows and ids, whatever the partitions, equal to those of the Java library with one worker and the ids 0, 1, …
 * Features and labels are taken as they are, in single precision: scale them before, labels to a deviation of about 1.
 */
public final class StochasticNetworkRegressor
        extends RegressorStage<StochasticNetworkRegressor, StochasticNetworkRegressionModel> {
    private static final long serialVersionUID = 1L;

    /** One with this uid, as Spark makes stages that it loads. */
    public StochasticNetworkRegressor(String uid) {
        super(uid);
    }

    /** One with the defaults. */
    public StochasticNetworkRegressor() {
        this(Identifiable$.MODULE$.randomUID("stochasticNetworkRegressor"));
    }

    @Override
    public StochasticNetworkRegressionModel train(Dataset<?> rows) {
        StoredModel stored = FrameFit.run(
                this,
                rows,
                Optional.of(getLabelCol()),
                RowExamples.Target.VALUES,
                "type = output, units = 1, objective = regression");
        return new StochasticNetworkRegressionModel(uid(), StageModel.of(stored));
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return FeatureInput.restored(this, schema, super.transformSchema(FeatureInput.withVectors(this, schema)));
    }

    @Override
    public StochasticNetworkRegressor copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    /** Reads one that was saved. */
    public static MLReader<StochasticNetworkRegressor> read() {
        return new StageReader<>(StochasticNetworkRegressor.class, StochasticNetworkRegressor::new);
    }

    /** Reads one that was saved. */
    public static StochasticNetworkRegressor load(String path) {
        return read().load(path);
    }

    public StochasticNetworkRegressor setLayers(String value) {
        set(layers(), value);
        return this;
    }

    public StochasticNetworkRegressor setSettings(String value) {
        set(settings(), value);
        return this;
    }

    public StochasticNetworkRegressor setWorkers(int value) {
        set(workers(), value);
        return this;
    }

    public StochasticNetworkRegressor setStepsPerRound(int value) {
        set(stepsPerRound(), value);
        return this;
    }

    public StochasticNetworkRegressor setBatchSize(int value) {
        set(batchSize(), value);
        return this;
    }

    public StochasticNetworkRegressor setMaxIter(int value) {
        set(maxIter(), value);
        return this;
    }

    public StochasticNetworkRegressor setStepSize(double value) {
        set(stepSize(), value);
        return this;
    }

    public StochasticNetworkRegressor setUpdater(String value) {
        set(updater(), value);
        return this;
    }

    public StochasticNetworkRegressor setSeed(long value) {
        set(seed(), value);
        return this;
    }

    public StochasticNetworkRegressor setPatience(int value) {
        set(patience(), value);
        return this;
    }

    public StochasticNetworkRegressor setIdCol(String value) {
        set(idCol(), value);
        return this;
    }

    public StochasticNetworkRegressor setValidationIndicatorCol(String value) {
        set(validationIndicatorCol(), value);
        return this;
    }

    public StochasticNetworkRegressor setWeightCol(String value) {
        set(weightCol(), value);
        return this;
    }

    public StochasticNetworkRegressor setFeaturesCols(String... value) {
        set(featuresCols(), value);
        return this;
    }

    public StochasticNetworkRegressor setCheckpointDir(String value) {
        set(checkpointDir(), value);
        return this;
    }

    public StochasticNetworkRegressor setCheckpointInterval(int value) {
        set(checkpointInterval(), value);
        return this;
    }
}

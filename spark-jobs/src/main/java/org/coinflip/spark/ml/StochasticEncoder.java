package org.coinflip.spark.ml;

import java.util.Optional;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Trains an autoencoder of stochastic neurons on rows without labels; its model gives each row the code of the topmost stochastic layer. Training is
 * as {@link StochasticNetworkClassifier} has it.
 */
public final class StochasticEncoder extends EncoderStage<StochasticEncoderModel> {
    private static final long serialVersionUID = 1L;

    /** One with this uid, as Spark makes stages that it loads. */
    public StochasticEncoder(String uid) {
        super(uid);
    }

    /** One with the defaults. */
    public StochasticEncoder() {
        this(Identifiable$.MODULE$.randomUID("stochasticEncoder"));
    }

    @Override
    public StochasticEncoderModel fit(Dataset<?> rows) {
        transformSchema(rows.schema());
        StageModel model = StageModel.of(FrameFit.run(
                this,
                rows,
                Optional.empty(),
                RowExamples.Target.NONE,
                "type = output, units = FEATURES, objective = " + getOrDefault(objective())));
        StochasticEncoderModel encoder = new StochasticEncoderModel(uid(), model);
        copyValues(encoder, ParamMap.empty());
        encoder.setParent(this);
        return encoder;
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return StochasticEncoderModel.withCode(this, schema, getOutputCol());
    }

    @Override
    public StochasticEncoder copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    /** Reads one that was saved. */
    public static MLReader<StochasticEncoder> read() {
        return new StageReader<>(StochasticEncoder.class, StochasticEncoder::new);
    }

    /** Reads one that was saved. */
    public static StochasticEncoder load(String path) {
        return read().load(path);
    }

    public StochasticEncoder setFeaturesCol(String value) {
        set(featuresCol(), value);
        return this;
    }

    public StochasticEncoder setOutputCol(String value) {
        set(outputCol(), value);
        return this;
    }

    public StochasticEncoder setObjective(String value) {
        set(objective(), value);
        return this;
    }

    public StochasticEncoder setLayers(String value) {
        set(layers(), value);
        return this;
    }

    public StochasticEncoder setSettings(String value) {
        set(settings(), value);
        return this;
    }

    public StochasticEncoder setWorkers(int value) {
        set(workers(), value);
        return this;
    }

    public StochasticEncoder setStepsPerRound(int value) {
        set(stepsPerRound(), value);
        return this;
    }

    public StochasticEncoder setBatchSize(int value) {
        set(batchSize(), value);
        return this;
    }

    public StochasticEncoder setMaxIter(int value) {
        set(maxIter(), value);
        return this;
    }

    public StochasticEncoder setStepSize(double value) {
        set(stepSize(), value);
        return this;
    }

    public StochasticEncoder setUpdater(String value) {
        set(updater(), value);
        return this;
    }

    public StochasticEncoder setSeed(long value) {
        set(seed(), value);
        return this;
    }

    public StochasticEncoder setPatience(int value) {
        set(patience(), value);
        return this;
    }

    public StochasticEncoder setIdCol(String value) {
        set(idCol(), value);
        return this;
    }

    public StochasticEncoder setValidationIndicatorCol(String value) {
        set(validationIndicatorCol(), value);
        return this;
    }

    public StochasticEncoder setWeightCol(String value) {
        set(weightCol(), value);
        return this;
    }

    public StochasticEncoder setFeaturesCols(String... value) {
        set(featuresCols(), value);
        return this;
    }

    public StochasticEncoder setCheckpointDir(String value) {
        set(checkpointDir(), value);
        return this;
    }

    public StochasticEncoder setCheckpointInterval(int value) {
        set(checkpointInterval(), value);
        return this;
    }
}

package org.coinflip.spark.ml;

import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.coinflip.Model;

/** A network that predicts a number: with the units' means, or with the draws that {@code settings} asked for. */
public final class StochasticNetworkRegressionModel extends RegressionModelStage<StochasticNetworkRegressionModel> {
    private static final long serialVersionUID = 1L;

    private final StageModel model;

    /** One without a network, as Spark Connect makes one of each class of stages to learn its name. */
    public StochasticNetworkRegressionModel() {
        this(Identifiable$.MODULE$.randomUID("stochasticNetworkRegressionModel"));
    }

    /** One without a network, with this uid. */
    public StochasticNetworkRegressionModel(String uid) {
        this(uid, null);
    }

    StochasticNetworkRegressionModel(String uid, StageModel model) {
        super(uid);
        this.model = model;
    }

    /** The network as the Java library has it. */
    public Model network() {
        return StageModel.trained(model).model();
    }

    @Override
    public int numFeatures() {
        return network().spec().inputs();
    }

    public StochasticNetworkRegressionModel setFeaturesCols(String... value) {
        set(featuresCols(), value);
        return this;
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return FeatureInput.restored(this, schema, super.transformSchema(FeatureInput.withVectors(this, schema)));
    }

    /** Adds the columns that have names, a batch of rows at a time. */
    @Override
    public Dataset<Row> transform(Dataset<?> rows) {
        StructType schema = transformSchema(rows.schema());
        StageModel predicting = StageModel.trained(model);
        RowBatches.Columns columns = features -> columns(predicting, features);
        return RowBatches.add(rows, FeatureInput.column(this), schema, columns);
    }

    private static Object[][] columns(StageModel model, float[][] features) {
        float[][] predicted = model.predict(features);
        Object[][] values = new Object[features.length][];
        for (int i = 0; i < values.length; i++) {
            values[i] = new Object[] {(double) predicted[i][0]};
        }
        return values;
    }

    @Override
    public double predict(Vector features) {
        return model.predict(FeatureInput.numbers(features))[0];
    }

    @Override
    public StochasticNetworkRegressionModel copy(ParamMap extra) {
        StochasticNetworkRegressionModel copy = new StochasticNetworkRegressionModel(uid(), model);
        copyValues(copy, extra);
        copy.setParent(parent());
        return copy;
    }

    @Override
    public MLWriter write() {
        return StageFiles.writer(this, StageModel.trained(model));
    }

    /** Reads one that was saved. */
    public static MLReader<StochasticNetworkRegressionModel> read() {
        return StageFiles.reader(StochasticNetworkRegressionModel.class, StochasticNetworkRegressionModel::new);
    }

    /** Reads one that was saved. */
    public static StochasticNetworkRegressionModel load(String path) {
        return read().load(path);
    }
}

package org.coinflip.spark.ml;

import java.util.Arrays;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.coinflip.Model;

/**
 * A network that tells classes apart. {@code rawPrediction} is the logarithm of the probabilities, {@code probability} they themselves: of the
 * units' means, or of the draws that {@code settings} asked for.
 */
public final class StochasticNetworkClassificationModel
        extends ClassificationModelStage<StochasticNetworkClassificationModel> {
    private static final long serialVersionUID = 1L;

    private final StageModel model;

    /** One without a network, as Spark Connect makes one of each class of stages to learn its name. */
    public StochasticNetworkClassificationModel() {
        this(Identifiable$.MODULE$.randomUID("stochasticNetworkClassificationModel"));
    }

    /** One without a network, with this uid. */
    public StochasticNetworkClassificationModel(String uid) {
        this(uid, null);
    }

    StochasticNetworkClassificationModel(String uid, StageModel model) {
        super(uid);
        this.model = model;
    }

    /** The network as the Java library has it. */
    public Model network() {
        return StageModel.trained(model).model();
    }

    /** Spark's own, of which its two classes above this one have return types that Java does not take for each other. */
    @Override
    @SuppressWarnings({"rawtypes", "unchecked"})
    public scala.Tuple3 findSummaryModel() {
        return super.findSummaryModel();
    }

    @Override
    public int numClasses() {
        return network().spec().output().units();
    }

    @Override
    public int numFeatures() {
        return network().spec().inputs();
    }

    public StochasticNetworkClassificationModel setFeaturesCols(String... value) {
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
        String[] added = Arrays.copyOfRange(schema.fieldNames(), rows.schema().length(), schema.length());
        StochasticNetworkClassificationModel predicting = this;
        RowBatches.Columns columns = features -> predicting.columns(features, added);
        return RowBatches.add(rows, FeatureInput.column(this), schema, columns);
    }

    private Object[][] columns(float[][] features, String[] added) {
        float[][] predicted = model.predict(features);
        Object[][] values = new Object[features.length][added.length];
        for (int i = 0; i < values.length; i++) {
            Vector raw = logarithms(predicted[i]);
            Vector probability = raw2probabilityInPlace(raw.copy());
            for (int j = 0; j < added.length; j++) {
                if (added[j].equals(getRawPredictionCol())) {
                    values[i][j] = raw;
                } else if (added[j].equals(getProbabilityCol())) {
                    values[i][j] = probability;
                } else {
                    values[i][j] = probability2prediction(probability);
                }
            }
        }
        return values;
    }

    @Override
    public Vector predictRaw(Vector features) {
        return logarithms(model.predict(FeatureInput.numbers(features)));
    }

    private static Vector logarithms(float[] probabilities) {
        double[] raw = new double[probabilities.length];
        for (int j = 0; j < raw.length; j++) {
            raw[j] = StrictMath.log(probabilities[j]);
        }
        return Vectors.dense(raw);
    }

    @Override
    public Vector raw2probabilityInPlace(Vector raw) {
        double[] values = ((DenseVector) raw).values();
        double sum = 0;
        for (int j = 0; j < values.length; j++) {
            values[j] = StrictMath.exp(values[j]);
            sum += values[j];
        }
        for (int j = 0; j < values.length; j++) {
            values[j] /= sum;
        }
        return raw;
    }

    @Override
    public StochasticNetworkClassificationModel copy(ParamMap extra) {
        StochasticNetworkClassificationModel copy = new StochasticNetworkClassificationModel(uid(), model);
        copyValues(copy, extra);
        copy.setParent(parent());
        return copy;
    }

    @Override
    public MLWriter write() {
        return StageFiles.writer(this, StageModel.trained(model));
    }

    /** Reads one that was saved. */
    public static MLReader<StochasticNetworkClassificationModel> read() {
        return StageFiles.reader(StochasticNetworkClassificationModel.class, StochasticNetworkClassificationModel::new);
    }

    /** Reads one that was saved. */
    public static StochasticNetworkClassificationModel load(String path) {
        return read().load(path);
    }
}

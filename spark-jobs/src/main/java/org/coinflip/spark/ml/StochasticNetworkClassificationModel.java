package org.coinflip.spark.ml;

import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.coinflip.Model;

/**
 * A network that tells classes apart. {@code rawPrediction} is the logarithm of the probabilities, {@code probability} they themselves: of the
 * units' means, or of the draws that {@code settings} asked for.
 */
public final class StochasticNetworkClassificationModel
        extends ClassificationModelStage<StochasticNetworkClassificationModel> {
    private static final long serialVersionUID = 1L;

    private final StageModel model;

    StochasticNetworkClassificationModel(String uid, StageModel model) {
        super(uid);
        this.model = model;
    }

    /** The network as the Java library has it. */
    public Model network() {
        return model.model();
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

    @Override
    public Vector predictRaw(Vector features) {
        float[] probabilities = model.predict(RowExamples.numbers(features));
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
        return StageFiles.writer(this, model);
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
